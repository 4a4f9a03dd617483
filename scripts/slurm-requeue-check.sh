#!/usr/bin/env bash
# Checks cluster/slurm.sbatch at its time limit, on a two-node Slurm on this machine (scripts/slurm-local.sh): the job saves a checkpoint, is
# requeued, resumes, and trains to its end. Takes six minutes, because Slurm's time limits are at least a minute.
#
#     npm run -s build && sudo scripts/slurm-requeue-check.sh
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/slurm-local.sh
start_slurm

steps="${STEPS:-5000}" # enough for a fast machine to reach the time limit
for i in $(seq 300); do echo "Line $i says that $((i % 7)) is not $((i % 5))."; done >"$work/text.txt"
cat >"$work/plain.yaml" <<YAML
run: $work/run
data: { corpus: $work/text.txt, vocabulary: 300, row: 64, validation: 10%, prepared: $work/data }
student: { model: $PWD/models/micro-tied }
batch: { rows: 32 }
evaluate: { every: $steps steps, rows: 6 }
checkpoint: { every: $steps steps, keep: 9 }
plan: [{ plain: $steps steps }]
roles: { ranks: 2 }
YAML
# Both nodes are this machine and use loopback.
export MASTER_ADDR=127.0.0.1
export MASTER_PORT="${MASTER_PORT:-29417}"
# Slurm checks time limits once a minute, and may send the signal up to a minute early.
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
