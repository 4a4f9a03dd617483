#!/usr/bin/env bash
# Checks cluster/slurm.sbatch on a two-node Slurm on this machine (two slurmd): the job must train to its end on both nodes, with keys and a
# model whose ring segments have several chunks. The last line of output is JSON. Needs root and Debian's slurmctld, slurmd, slurm-client and
# munge. Slurm's files are in a temporary folder; an installed cluster is not touched.
#
#     npm run -s build && sudo scripts/checks/slurm-check.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
work="$(mktemp -d)"
chmod 755 "$work"
pids=()
cleanup() {
  kill "${pids[@]}" 2>/dev/null || true
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT

host="$(hostname -s)"
cpus="$(nproc)"
mkdir -p "$work"/{state,spool1,spool2,munge,runs}
dd if=/dev/urandom of="$work/munge/key" bs=1024 count=1 status=none
chmod 400 "$work/munge/key"
chmod 711 "$work/munge"
munged --foreground --force --key-file="$work/munge/key" --socket="$work/munge/socket" --pid-file="$work/munge/pid" \
  --log-file="$work/munge/log" --seed-file="$work/munge/seed" --num-threads=2 >"$work/munge/out" 2>&1 &
pids+=($!)
cat >"$work/slurm.conf" <<CONF
ClusterName=check
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=$work/munge/socket
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool-%n
SlurmctldPidFile=$work/ctld.pid
SlurmdPidFile=$work/slurmd-%n.pid
SlurmctldLogFile=$work/ctld.log
SlurmdLogFile=$work/slurmd-%n.log
SlurmctldPort=26817
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
ReturnToService=2
MpiDefault=none
NodeName=n1 NodeHostname=$host NodeAddr=127.0.0.1 Port=26818 CPUs=$cpus
NodeName=n2 NodeHostname=$host NodeAddr=127.0.0.1 Port=26819 CPUs=$cpus
PartitionName=all Nodes=ALL Default=YES MaxTime=10 State=UP
CONF
export SLURM_CONF="$work/slurm.conf"
until [ -S "$work/munge/socket" ]; do read -r -t 0.1 <> <(:) || true; done
slurmctld -D -f "$SLURM_CONF" >"$work/ctld.out" 2>&1 &
pids+=($!)
for name in n1 n2; do
  mkdir -p "$work/spool-$name"
  slurmd -D -N "$name" -f "$SLURM_CONF" >"$work/$name.out" 2>&1 &
  pids+=($!)
done
tries=0
until [ "$(sinfo -h -t idle -o %D 2>/dev/null || true)" = 2 ]; do
  tries=$((tries + 1))
  [ "$tries" -lt 150 ] || { sinfo -R || true; tail -n 20 "$work"/*.log "$work"/*.out; exit 1; }
  read -r -t 0.2 <> <(:) || true
done
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
until [ -z "$(squeue -h -j "$job" -t PENDING,RUNNING,COMPLETING 2>/dev/null)" ]; do read -r -t 0.5 <> <(:) || true; done
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
