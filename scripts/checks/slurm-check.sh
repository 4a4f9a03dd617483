#!/usr/bin/env bash
# Checks cluster/slurm.sbatch on a two-node Slurm on this machine (two slurmd): the job must train to its end on both nodes, with keys and a
# model whose ring segments have several chunks. The last line of output is JSON. Needs root and Debian's slurmctld, slurmd, slurm-client and
# munge. Slurm's files are in a temporary folder; an installed cluster is not touched.
#
#     npm run -s build && sudo scripts/checks/slurm-check.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
. scripts/checks/slurm-local.sh
start_slurm
sinfo -o '%n %T' -N

for i in $(seq 300); do echo "Line $i says that $((i % 7)) is not $((i % 5))."; done >"$work/text.txt"
cat >"$work/plain.yaml" <<YAML
run: $work/runs/slurm
data: { corpus: $work/text.txt, vocabulary: 300, row: 16, validation: 10%, prepared: $work/data }
student: { model: $PWD/models/nano-llm }
batch: { rows: 4 }
evaluate: { every: 50 steps, rows: 6 }
plan: [{ plain: 50 steps }]
roles: { ranks: 2, keys: $work/keys }
YAML
node dist/src/cli/main.js keys "$work/keys" >/dev/null
# Both nodes are this machine and use loopback.
export MASTER_ADDR=127.0.0.1
job="$(sbatch --parsable --nodes 2 --output "$work/job.log" cluster/slurm.sbatch "$work/plain.yaml")"
echo "job $job submitted"
ended "$job"
grep -E '^(node|run|error) ' "$work/job.log" || cat "$work/job.log"
ls "$work/runs/slurm/checkpoints" "$work/runs/slurm/logs" || true
steps="$(ls "$work/runs/slurm/checkpoints" | tail -n 1 || true)"
if [ "$steps" = step-50 ]; then
  echo '{"check":"slurm","nodes":2,"keys":true,"steps":50}'
else
  cat "$work/job.log" >&2
  echo '{"check":"slurm","failed":"the job did not complete"}'
  exit 1
fi
