"""The PyTorch side of the step benchmark: eager float32 LlamaForCausalLM, forward and backward, a step a line read.

Attention is PyTorch's fused scaled_dot_product_attention, its fastest on the CPU. Prints seconds.
"""

import json
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
shape = (size["rows"], size["positions"])
tokens = torch.randint(size["vocabularySize"], shape)
labels = torch.randint(size["vocabularySize"], shape)
for _ in sys.stdin:
    model.zero_grad(set_to_none=True)
    begin = time.perf_counter()
    logits = model(tokens).logits
    F.cross_entropy(logits.view(-1, logits.shape[-1]), labels.view(-1)).backward()
    print(time.perf_counter() - begin, flush=True)
