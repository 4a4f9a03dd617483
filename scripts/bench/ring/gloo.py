"""One rank of torch.distributed's gloo all-reduce over loopback TCP, for the ring benchmark.

argv: rank, size, MiB, path of the rendezvous file. Reads and prints the JSON lines of rank-process.ts.
"""

import json
import os
import sys
import time

os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo")
import torch
import torch.distributed as dist

rank, size, mib, store = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
torch.set_num_threads(1)
dist.init_process_group("gloo", init_method=f"file://{store}", rank=rank, world_size=size)
tensor = torch.full((mib * 1024 * 1024 // 4,), 1e-3 * rank)
print(json.dumps({"endpoint": "gloo"}), flush=True)
sys.stdin.readline()
for line in sys.stdin:
    repeats = json.loads(line)["repeats"]
    if repeats == 0:
        break
    seconds = []
    cpu = time.process_time()
    for _ in range(repeats):
        begin = time.perf_counter()
        dist.all_reduce(tensor)
        seconds.append(time.perf_counter() - begin)
    print(json.dumps({"seconds": seconds, "cpuSeconds": (time.process_time() - cpu) / repeats, "beforeMiB": 0, "peakMiB": 0}), flush=True)
dist.destroy_process_group()
