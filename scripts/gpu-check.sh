#!/usr/bin/env bash
# Compares training on a GPU with this machine's CPU, and measures it: tokens per second in float32, bf16 and fp16, with micro-batches
# summed in the graph or between runs, and the share of time spent transferring weights and gradients. Prints one JSON line for
# each measurement, then a Markdown table for docs/gpu.md that names the machine.
#
#     npm ci && scripts/setup-cuda.sh && scripts/gpu-check.sh [key=value …]
#     scripts/gpu-check.sh --device cpu          # tests this script without a GPU
#
# The settings are those of scripts/bench/step/gpu.ts, such as model=models/llm-2.8b rows=8 positions=2048 micro=8 steps=10. Exits with 1 if a
# loss or gradient differs too much from the CPU's, and with 3 if no GPU is usable.
set -euo pipefail
cd "$(dirname "$0")/.."

device=cuda
settings=()
while [ $# -gt 0 ]; do
  case "$1" in
    --device) device="${2:?--device cpu or cuda}"; shift 2 ;;
    *=*) settings+=("$1"); shift ;;
    *) sed -n '2,11s/^# \{0,1\}//p' "$0"; exit 2 ;;
  esac
done

npm run -s build
if [ "$device" = cuda ] && ! node dist/src/cli/main.js doctor --device cuda; then
  echo 'gpu-check: no GPU is usable; the cause is above. Use --device cpu to test the script without one.' >&2
  exit 3
fi

lines="$(mktemp)"
trap 'rm -f "$lines"' EXIT
node dist/scripts/bench/main.js gpu --json "device=$device" ${settings[@]+"${settings[@]}"} | tee "$lines"
echo
node dist/scripts/bench/step/gpu-table.js "$lines"
