#!/usr/bin/env bash
# Starts a real MLflow server from PyPI, trains a small run with --track, and checks over MLflow's API that parameters,
# metrics and status arrived, also after a resume. Needs python3 and about 1 GB for the virtual environment.
#   npm run -s build && scripts/checks/mlflow-check.sh [FOLDER]
# FOLDER (default: a new temporary folder) gets the environment, the server's data and the run.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
folder=${1:-$(mktemp -d)}
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
port=${MLFLOW_CHECK_PORT:-5077}
brine=("$root/dist/src/cli/brine")

if [ ! -x "$folder/venv/bin/mlflow" ]; then
  python3 -m venv "$folder/venv"
  "$folder/venv/bin/pip" install --quiet mlflow
fi
"$folder/venv/bin/mlflow" --version
(cd "$folder" && exec "$folder/venv/bin/mlflow" server --host 127.0.0.1 --port "$port" --workers 1 \
  --backend-store-uri "sqlite:///$folder/mlflow.db" --default-artifact-root "$folder/artifacts") > "$folder/server.log" 2>&1 &
server=$!
trap 'kill $server 2>/dev/null || true; wait $server 2>/dev/null || true' EXIT
for _ in $(seq 120); do
  curl --silent --fail "http://127.0.0.1:$port/health" > "$folder/health.txt" 2>&1 && break
  kill -0 $server || { cat "$folder/server.log"; exit 1; }
  sleep 1
done

run=$folder/run-$(date +%s)
train=("${brine[@]}" train "$root/cluster/nano-plain.yaml" --set "run=$run" --set "data.corpus=$root/docs"
  --set data.vocabulary=512 --set "data.prepared=$folder/data" --set evaluate.every=5 --set checkpoint.every=10 --track "mlflow:http://127.0.0.1:$port")
"${train[@]}" --set 'plan=[{ plain: 20 steps }]'
"$folder/venv/bin/python" "$root/scripts/checks/mlflow_check.py" "http://127.0.0.1:$port" "$run" 20
"${train[@]}" --set 'plan=[{ plain: 30 steps }]' --resume
"$folder/venv/bin/python" "$root/scripts/checks/mlflow_check.py" "http://127.0.0.1:$port" "$run" 30
echo "passed"
