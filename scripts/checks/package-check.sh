#!/usr/bin/env bash
# Packs Brine, and lets npm install the tarball in two empty folders: without and with the install scripts of the
# dependencies. In each it runs brine doctor, a few steps of a shipped recipe, and imports both modules of the package.
# Needs the registry. Takes two to three minutes.
#
#   npm ci && npm run -s build && scripts/checks/package-check.sh
#
# The install script of onnxruntime-node downloads the CUDA provider from NuGet (about 300 MB). This check skips the download;
# set ONNXRUNTIME_NODE_INSTALL=cuda12 to include it. Exits with 0 if everything works.
set -euo pipefail
cd "$(dirname "$0")/../.."
export ONNXRUNTIME_NODE_INSTALL="${ONNXRUNTIME_NODE_INSTALL:-skip}"
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
npm pack --ignore-scripts --silent --pack-destination "$folder" >/dev/null
tarball="$(ls "$folder"/brine-*.tgz)"
echo "package-check: $(basename "$tarball"), $(stat -c %s "$tarball") bytes"

for scripts in true false; do
  project="$folder/ignore-scripts-$scripts"
  mkdir "$project"
  cd "$project"
  started=$SECONDS
  npm install --silent --prefer-offline --ignore-scripts="$scripts" "$tarball"
  echo "package-check: npm install --ignore-scripts=$scripts took $((SECONDS - started)) s, $(du -sm . | cut -f1) MB"
  npx --no-install brine doctor
  npx --no-install brine train cluster/nano-plain.yaml --set 'plan=[{plain: 10 steps}]' --set 'evaluate.every=10 steps' \
    --set roles.ranks=1 --set 'data.limit=1 MB'
  node --input-type=module --eval "
    const { train } = await import('brine');
    const { Graph } = await import('brine/graph');
    if (typeof train !== 'function' || new Graph('g').name !== 'g') process.exit(1);"
done
echo 'package-check: the package installs and runs both ways'
