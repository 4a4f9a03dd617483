#!/usr/bin/env bash
# Checks cluster/slurm.sbatch at its time limit, on a two-node Slurm on this machine (scripts/checks/slurm-local.sh): the job saves a checkpoint, is
# requeued, resumes, and trains to its end. Takes eight minutes, because Slurm's time limits are at least a minute.
#
#     npm run -s build && sudo scripts/checks/slurm-requeue-check.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
. scripts/checks/slurm-local.sh
start_slurm

for i in $(seq 300); do echo "Line $i says that $((i % 7)) is not $((i % 5))."; done >"$work/text.txt"
recipe() { # run folder, steps
  cat <<YAML
run: $1
data: { corpus: $work/text.txt, vocabulary: 300, row: 64, validation: 10%, prepared: $work/data }
student: { model: $PWD/models/micro-tied }
batch: { rows: 32 }
evaluate: { every: $2 steps, rows: 6 }
checkpoint: { every: $2 steps, keep: 9 }
plan: [{ plain: $2 steps }]
roles: { ranks: 2 }
YAML
}
# Slurm signals 105 to 165 seconds after the start. A pilot finds how many steps take about 220 seconds here.
recipe "$work/pilot" 1500 >"$work/pilot.yaml"
began=$(date +%s%N)
node dist/src/cli/main.js train "$work/pilot.yaml" >/dev/null 2>&1
steps=$((1500 * 220 * 1000000000 / ($(date +%s%N) - began)))
recipe "$work/run" "$steps" >"$work/plain.yaml"
# Both nodes are this machine: they reach each other by loopback.
export MASTER_ADDR=127.0.0.1
export MASTER_PORT="${MASTER_PORT:-29417}"
# Slurm looks at limits once a minute, and signals up to a minute early.
job="$(sbatch --parsable --nodes 2 --time 3 --signal B:USR1@75 --output "$work/job.log" cluster/slurm.sbatch "$work/plain.yaml")"
echo "job $job submitted"
ended "$job"
grep -E '^(node|run|error|slurm.sbatch) ?' "$work/job.log" || cat "$work/job.log"
restarts="$(scontrol show job "$job" | sed -n 's/.*Restarts=\([0-9]*\).*/\1/p')"
saved="$(ls "$work/run/checkpoints" | sed 's/step-//' | sort -n | tr '\n' ' ')"
lines="$(cat "$work"/run/metrics/student-0.jsonl | grep -c '"event":"step"')"
distinct="$(grep -o '"event":"step","step":[0-9]*' "$work/run/metrics/student-0.jsonl" | sort -u | wc -l)"
echo "{\"check\":\"slurm-requeue\",\"restarts\":$restarts,\"checkpoints\":[$(echo $saved | tr ' ' ,)],\"steps\":$distinct,\"twice\":$((lines - distinct))}"
whole() {
  [ "$restarts" -ge 1 ] && [ "$distinct" = "$steps" ] && [ "$lines" = "$distinct" ] && [ -d "$work/run/checkpoints/step-$steps" ]
}
whole || { cat "$work/job.log"; scontrol show job "$job"; exit 1; }
