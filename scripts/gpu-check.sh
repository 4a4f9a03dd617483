#!/usr/bin/env bash
# What a person runs on a machine with a GPU: is training on it right (against this machine's CPU), how many tokens a second in
# float32, bf16 and fp16, micro-batches summed in the graph or between runs, and which share of the time weights and gradients
# are on their way. Prints one JSON line a measurement, then a table in Markdown for docs/gpu.md, with the machine.
#
#     npm ci && scripts/setup-cuda.sh && scripts/gpu-check.sh [key=value …]
#     scripts/gpu-check.sh --device cpu          # the same on the CPU: tries this script itself, and measures no GPU
#
# Settings are those of scripts/bench/gpu.ts, such as model=models/llm-2.8b rows=8 positions=2048 micro=8 steps=10. Ends with 1 when a
# loss or gradient is too far from the CPU's, and with 3 when no GPU can be used.
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
  echo 'gpu-check: no GPU can be used here; what is missing stands above. --device cpu tries the script without one.' >&2
  exit 3
fi

lines="$(mktemp)"
trap 'rm -f "$lines"' EXIT
node dist/scripts/bench/main.js gpu --json "device=$device" ${settings[@]+"${settings[@]}"} | tee "$lines"
echo
node dist/scripts/bench/gpu-table.js "$lines"
