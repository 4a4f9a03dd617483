#!/usr/bin/env bash
# Checks the three uses of Brine on two machines, with keys: launch a run, attach a teacher to it from the second machine, and replay
# its labels without a teacher. The machines are two network namespaces, or two nodes of a Slurm on this machine.
#
#     npm run -s build && sudo scripts/checks/three-uses-check.sh netns
#     TEACHER=runs/smollm2 sudo -E scripts/checks/three-uses-check.sh slurm     # a teacher from a package registry (docs/teachers.md)
#
# Without TEACHER, the check trains models/nano-slm for a few steps. The student is models/nano-llm. The last line of output is JSON.
# Needs root and iproute2, or Debian's slurmctld, slurmd, slurm-client and munge.
set -euo pipefail
cd "$(dirname "$0")/../.."
by="${1:?netns or slurm}"
teacher="${TEACHER:-}"
[ -z "$teacher" ] || teacher="$(realpath "$teacher")"
brine() { node dist/src/cli/main.js "$@"; }
case "$by" in
  slurm)
    . scripts/checks/slurm-local.sh
    start_slurm
    head_address=127.0.0.1
    on_node() { "$@"; }
    ;;
  netns)
    . scripts/checks/netns-local.sh
    make_hosts
    join_hosts 10.79.0
    head_address=10.79.0.1
    on_node() { ip netns exec "$node" "$@"; }
    ;;
  *)
    echo "usage: three-uses-check.sh netns|slurm" >&2
    exit 2
    ;;
esac

steps="${STEPS:-$([ -n "$teacher" ] && echo 40 || echo 300)}"
cat >"$work/data.yaml" <<YAML
data:
  corpus: node_modules
  limit: 1 MB
  row: 128
  validation: 5%
  prepared: $work/data
  $([ -n "$teacher" ] && echo "tokenizer: $teacher/tokenizer.json" || echo "vocabulary: 2048")
batch: { rows: 4 }
evaluate: { every: $steps steps, rows: 8 }
YAML
if [ -z "$teacher" ]; then
  printf 'extends: data.yaml\nrun: %s\nstudent: { model: %s }\nplan: [{ plain: 40 steps }]\n' \
    "$work/slm" "$PWD/models/nano-slm" >"$work/slm.yaml"
  brine train "$work/slm.yaml" --json >/dev/null 2>"$work/slm.log"
  teacher="$work/slm"
fi
cat >"$work/salt.yaml" <<YAML
extends: data.yaml
run: $work/run
teacher: { checkpoint: $teacher }
student: { model: $PWD/models/nano-llm }
labels: { draws: 50, ahead: 32, folder: $work/labels } # keeps the run's own teacher from labelling everything at once
plan: [{ distil: $steps steps, weight: 0.667 }, { plain: 4 steps }]
roles: { ranks: 2, keys: $work/keys, cache: tcp://*:29402 }
YAML
brine keys "$work/keys" >/dev/null
fail() {
  cat "$work"/*.log "$work"/run/logs/*.log >&2 || true
  echo "{\"check\":\"three-uses\",\"by\":\"$by\",\"failed\":\"$1\"}"
  exit 1
}

# 1. Launch.
if [ "$by" = slurm ]; then
  export MASTER_ADDR=127.0.0.1
  job="$(sbatch --parsable --nodes 2 --output "$work/job.log" cluster/slurm.sbatch "$work/salt.yaml")"
else
  for rank in 0 1; do
    name="$head"
    [ "$rank" = 0 ] || name="$node"
    ip netns exec "$name" node dist/src/cli/main.js launch "$work/salt.yaml" --nnodes 2 --node-rank "$rank" \
      --head "$head_address:29400" --nproc-per-node 1 >"$work/launch-$rank.log" 2>&1 &
    pids+=($!)
  done
fi

# 2. Attach a teacher from the second machine. It has no model, and fetches it from the cache.
tries=0
until grep -qs '"event":"step"' "$work/run/metrics/student-0.jsonl"; do
  tries=$((tries + 1))
  [ "$tries" -lt "${PATIENCE:-600}" ] || fail "no step was trained"
  read -r -t 0.5 <> <(:) || true
done
on_node node dist/src/cli/main.js teacher --cache "tcp://$head_address:29402" --keys "$work/keys" --store "$work/models" --json \
  >"$work/attached.json" 2>"$work/attached.log" || fail "the attached teacher ended with an error"
if [ "$by" = slurm ]; then
  ended "$job"
else
  for pid in "${pids[@]}"; do wait "$pid" || fail "launch ended with an error"; done
  pids=()
fi
[ -d "$work/run/checkpoints/step-$((steps + 4))" ] || fail "the run has no last checkpoint"

# 3. Replay with other initial weights, without a teacher.
brine train "$work/salt.yaml" --replay "$work/labels" --set run="$work/again" --set student.seed=2 --set roles.keys=null \
  --set roles.cache=null --json >"$work/replay.json" 2>"$work/replay.log" || fail "the replay ended with an error"

node -e '
const { readFileSync } = require("node:fs");
const [work, by, name] = process.argv.slice(1);
const lines = (file) => readFileSync(`${work}/${file}`, "utf8").trim().split("\n").map((line) => JSON.parse(line));
const labels = (run, rank) => lines(`${run}/metrics/student-${rank}.jsonl`).filter(({ event, labels }) => event === "step" && labels).map(({ step, labels }) => `${step} ${labels}`).join();
const sameLabels = [0, 1].every((rank) => labels("run", rank) !== "" && labels("run", rank) === labels("again", rank));
const attached = lines("attached.json").at(-1);
const replay = lines("replay.json").at(-1);
console.log(JSON.stringify({ check: "three-uses", by, teacher: name, keys: true, steps: replay.steps, attachedRows: attached.rows, sameLabels }));
process.exit(sameLabels && attached.rows > 0 ? 0 : 1);
' "$work" "$by" "$(basename "$teacher")"
