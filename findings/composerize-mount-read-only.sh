#!/usr/bin/env bash
# composerize 1.7.6 (npm), Node.js 18 or newer.
#
# Input: `docker run --mount type=bind,source=/etc/app,target=/etc/app,readonly example`, and the same as `-v /etc/app:/etc/app:ro`.
# Guess: a volume that is read-only, both times.
# Seen: `-v` keeps its `:ro`. `--mount` becomes a bind of source and target alone: `readonly` is gone, and with it what kept the container from
# writing to the host. `volume-nocopy` and `bind-propagation=rslave` go wrong beside it: the first is lost, the second is a key that Compose
# does not have. No comment about an ignored option is written, as there is for others (`-P`).
# Expected: Docker's reference of `docker run`, --mount: a word without a value, `readonly`, `ro` or `volume-nocopy`, means true. Compose
# specification, "volumes", long syntax: read_only, volume.nocopy and bind.propagation are the same settings.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts composerize@1.7.6 >/dev/null 2>&1
cat > convert.mjs <<'JS'
import composerize from 'composerize';
const convert = composerize.default ?? composerize;
for (const option of ['-v /etc/app:/etc/app:ro', '--mount type=bind,source=/etc/app,target=/etc/app,readonly', '--mount type=bind,source=/etc/app,target=/etc/app,bind-propagation=rslave', '--mount type=volume,source=data,target=/data,volume-nocopy']) {
  const lines = convert(`docker run ${option} example`).split('\n').map(line => line.trim());
  console.log(lines.slice(lines.indexOf('volumes:') + 1, lines.indexOf('image: example')).join(' '), lines.some(line => line.includes('ignored')));
}
JS
node convert.mjs | tee seen
cat > expected <<'TEXT'
- /etc/app:/etc/app:ro false
- type: bind source: /etc/app target: /etc/app false
- type: bind source: /etc/app target: /etc/app bind-propagation: rslave false
- type: volume source: data target: /data false
TEXT
cmp -s expected seen || { echo "composerize writes something else now"; exit 1; }
