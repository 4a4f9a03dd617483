"""The model and the batch of the PyTorch peers: eager float32 LlamaForCausalLM.

Attention is PyTorch's fused scaled_dot_product_attention, which is its fastest on the CPU and needs the least memory.
"""

import torch
import torch.nn.functional as F
from transformers import LlamaConfig, LlamaForCausalLM


def llama(size):
    """The model of a JSON of sizes, with random weights. Sets the seed and the number of threads."""
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
    return LlamaForCausalLM(config).float()


def batch(size):
    """Random tokens and labels, each of shape [rows, positions]."""
    shape = (size["rows"], size["positions"])
    return torch.randint(size["vocabularySize"], shape), torch.randint(size["vocabularySize"], shape)


def forward_backward(model, tokens, labels):
    logits = model(tokens).logits
    F.cross_entropy(logits.view(-1, logits.shape[-1]), labels.view(-1)).backward()
