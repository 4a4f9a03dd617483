"""One rank of Open MPI's all-reduce, for the ring benchmark. mpirun starts it.

argv: MiB. Rank 0 reads and prints the JSON lines of rank-process.ts for all ranks: its answer is the list of all
answers.
"""

import json
import sys
import time

import numpy
from mpi4py import MPI

world = MPI.COMM_WORLD
values = numpy.full(int(sys.argv[1]) * 1024 * 1024 // 4, 1e-3 * world.rank, dtype=numpy.float32)
if world.rank == 0:
    print(json.dumps({"endpoint": "openmpi"}), flush=True)
while True:
    line = sys.stdin.readline() if world.rank == 0 else ""
    repeats = world.bcast(json.loads(line)["repeats"] if line else 0)
    if repeats == 0:
        break
    seconds = []
    cpu = time.process_time()
    for _ in range(repeats):
        begin = time.perf_counter()
        world.Allreduce(MPI.IN_PLACE, values)
        seconds.append(time.perf_counter() - begin)
    cpu_seconds = (time.process_time() - cpu) / repeats
    answers = world.gather({"seconds": seconds, "cpuSeconds": cpu_seconds, "beforeMiB": 0, "peakMiB": 0})
    if world.rank == 0:
        print(json.dumps(answers), flush=True)
