"""The PyTorch side of the memory benchmark: training with AdamW.

argv: a JSON of sizes. Prints a JSON of the peak resident memory in MiB and the seconds of the last step.
"""

import json
import resource
import sys
import time

import torch

from llama import batch, forward_backward, llama

size = json.loads(sys.argv[1])
model = llama(size)
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, betas=(0.9, 0.95), weight_decay=0.1)
tokens, labels = batch(size)
for _ in range(size["steps"]):
    begin = time.perf_counter()
    optimizer.zero_grad(set_to_none=True)
    forward_backward(model, tokens, labels)
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    seconds = time.perf_counter() - begin
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"peak": round(peak), "seconds": round(seconds, 3)}))
