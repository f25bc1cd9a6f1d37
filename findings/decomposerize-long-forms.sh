#!/usr/bin/env bash
# decomposerize 1.4.4 (npm), Node.js 18 or newer.
#
# Input: a compose file in the long syntax, as `docker compose config` prints every file: `ports: [{target: 80, published: "8080"}]`, an
# `env_file` with a path, and a volume with `read_only: true`; and the same three in the short syntax.
# Guess: the same docker command twice.
# Seen: of the long syntax the port and the file of variables are gone, without a word, and the volume's --mount has `read_only=true`, which is no
# option of docker's (its name is readonly), so what remains of the command is refused. A volume's `volume: {nocopy: true}` becomes
# the text "[object Object]".
# Expected: Compose specification, "ports", "env_file" and "volumes": short and long syntax mean the same. What cannot be converted is
# named, as the package's sibling composerize does in a comment.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts decomposerize@1.4.4 >/dev/null 2>&1
cat > convert.mjs <<'JS'
import decomposerize from 'decomposerize';
const convert = decomposerize.default ?? decomposerize;
const short = ['ports: ["8080:80"]', 'env_file: [app.env]', 'volumes: ["/etc/app:/etc/app:ro"]'];
const long = ['ports: [{target: 80, published: "8080"}]', 'env_file: [{path: app.env}]', 'volumes: [{type: bind, source: /etc/app, target: /etc/app, read_only: true}]'];
for (const keys of [short, long, ['volumes: [{type: volume, source: data, target: /data, volume: {nocopy: true}}]']])
  console.log(convert(`services:\n  web:\n    image: example\n${keys.map(key => `    ${key}\n`).join('')}`).trim());
JS
node convert.mjs | tee seen
cat > expected <<'TEXT'
docker run -p 8080:80 --env-file app.env -v /etc/app:/etc/app:ro example
docker run --mount type=bind,source=/etc/app,target=/etc/app,read_only=true example
docker run --mount type=volume,source=data,target=/data,volume="[object Object]" example
TEXT
cmp -s expected seen || { echo "decomposerize writes something else now"; exit 1; }
