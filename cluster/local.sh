#!/usr/bin/env bash
# Runs a recipe on one machine, and resumes from the latest checkpoint if there is one.
#
#     cluster/local.sh cluster/nano-salt.yaml [more arguments of brine launch]
set -euo pipefail
cd "$(dirname "$0")/.."
[ -f dist/src/cli/main.js ] || npm run -s build
exec node dist/src/cli/main.js launch "${1:?usage: cluster/local.sh RECIPE …}" --resume=auto "${@:2}"
