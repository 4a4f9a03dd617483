#!/usr/bin/env bash
# Installs ONNX Runtime's CUDA 12 provider with onnxruntime-node's own installer, which npm does not run here
# (.npmrc: ignore-scripts). It can be repeated: an existing provider is kept. Then says how to check the rest of the machine.
#
#   scripts/setup-cuda.sh            install unless already installed
#   scripts/setup-cuda.sh --force    install again
#
# The provider comes from NuGet (about 300 MB). Behind a proxy, set GLOBAL_AGENT_HTTPS_PROXY. The machine must have its driver,
# CUDA 12 and cuDNN 9: "brine doctor --device cuda" lists missing parts. Exits with 0 if the provider is installed, else with 1.
set -euo pipefail
cd "$(dirname "$0")/.."

force=no
case "${1:-}" in
  '') ;;
  --force) force=yes ;;
  *) sed -n '2,9s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac

# npm may have hoisted it to a folder above this one.
package="$(node -p 'require("node:path").dirname(require.resolve("onnxruntime-node/package.json"))' 2>/dev/null)" || package=
if [ ! -f "$package/script/install.js" ]; then
  echo 'setup-cuda: onnxruntime-node is not installed. Run "npm ci" first.' >&2
  exit 1
fi
system="$(node -p '`${process.platform}/${process.arch}`')"
if [ "$system" != linux/x64 ]; then
  echo "setup-cuda: onnxruntime-node supports CUDA only on linux/x64, but this machine is $system." >&2
  exit 1
fi
folder="$package/bin/napi-v6/linux/x64"
version="$(node -p "require('$package/package.json').version")"

# The installer copies file by file. A truncated file lacks the complete ELF section table at its end.
whole() {
  node -e '
    const { openSync, readSync, fstatSync } = require("node:fs");
    const file = openSync(process.argv[1], "r");
    const head = Buffer.alloc(64);
    const isElf = readSync(file, head, 0, 64, 0) === 64 && head.toString("latin1", 0, 4) === "\x7fELF";
    const end = Number(head.readBigUInt64LE(40)) + head.readUInt16LE(58) * head.readUInt16LE(60);
    process.exit(isElf && fstatSync(file).size >= end ? 0 : 1);
  ' "$1" 2>/dev/null
}

installed() {
  whole "$folder/libonnxruntime_providers_shared.so" && whole "$folder/libonnxruntime_providers_cuda.so"
}

if [ "$force" = no ] && installed; then
  echo "setup-cuda: the provider of onnxruntime-node $version is already in $folder"
else
  echo "setup-cuda: installing the CUDA 12 provider of onnxruntime-node $version into $folder"
  if ! env -u ONNXRUNTIME_NODE_INSTALL -u ONNXRUNTIME_NODE_INSTALL_CUDA \
    node "$package/script/install.js" --onnxruntime-node-install=cuda12; then
    echo 'setup-cuda: the installer failed; its message is above. It downloads from https://api.nuget.org. If that is not' >&2
    echo '            reachable, set GLOBAL_AGENT_HTTPS_PROXY, or copy the three libonnxruntime_providers_*.so of the package' >&2
    echo "            Microsoft.ML.OnnxRuntime.Gpu.Linux $version (runtimes/linux-x64/native) into $folder." >&2
    exit 1
  fi
  if ! installed; then
    echo "setup-cuda: the installer succeeded, but the provider in $folder is incomplete. Run this again with --force." >&2
    exit 1
  fi
  echo 'setup-cuda: installed'
fi

if [ -f dist/src/cli/main.js ]; then
  node dist/src/cli/main.js doctor --device cuda || true
else
  echo 'setup-cuda: run "npm run -s build && node dist/src/cli/main.js doctor --device cuda" to check the rest of the machine'
fi
