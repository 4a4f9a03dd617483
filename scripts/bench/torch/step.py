"""The PyTorch side of the step benchmark: forward and backward, one step for each line read.

argv: a JSON of sizes. Prints the seconds of each step.
"""

import json
import sys
import time

from llama import batch, forward_backward, llama

size = json.loads(sys.argv[1])
model = llama(size)
tokens, labels = batch(size)
for _ in sys.stdin:
    model.zero_grad(set_to_none=True)
    begin = time.perf_counter()
    forward_backward(model, tokens, labels)
    print(time.perf_counter() - begin, flush=True)
