"""The PyTorch side of the memory benchmark: eager float32 LlamaForCausalLM with AdamW.

argv: a JSON of sizes. Prints a JSON of the highest resident memory in MiB and the seconds of the last step. Attention is PyTorch's fused
scaled_dot_product_attention, which needs the least memory.
"""

import json
import resource
import sys
import time

import torch
import torch.nn.functional as F
from transformers import LlamaConfig, LlamaForCausalLM

size = json.loads(sys.argv[1])
torch.set_num_threads(size["threads"])
torch.manual_seed(1)
config = LlamaConfig(
    vocab_size=size["vocabularySize"],
    hidden_size=size["hiddenSize"],
    intermediate_size=size["intermediateSize"],
    num_hidden_layers=size["layers"],
    num_attention_heads=size["heads"],
    num_key_value_heads=size["keyValueHeads"],
    head_dim=size["headSize"],
    max_position_embeddings=size["maxPositions"],
    rms_norm_eps=size["normEpsilon"],
    tie_word_embeddings=size["tieEmbeddings"],
    use_cache=False,
    attn_implementation="sdpa",
)
model = LlamaForCausalLM(config).float()
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, betas=(0.9, 0.95), weight_decay=0.1)
shape = (size["rows"], size["positions"])
tokens = torch.randint(size["vocabularySize"], shape)
labels = torch.randint(size["vocabularySize"], shape)
for _ in range(size["steps"]):
    begin = time.perf_counter()
    optimizer.zero_grad(set_to_none=True)
    logits = model(tokens).logits
    F.cross_entropy(logits.view(-1, logits.shape[-1]), labels.view(-1)).backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    seconds = time.perf_counter() - begin
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"peak": round(peak), "seconds": round(seconds, 3)}))
