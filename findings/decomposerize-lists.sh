#!/usr/bin/env bash
# decomposerize 1.4.4 (npm), Node.js 18 or newer; no docker is needed, a stand-in writes down what it is told.
#
# Input: a compose file with a command, an entrypoint and a health check in their list form: `command: [sh, -c, "echo ready"]`,
# `entrypoint: [python, -u]` and `healthcheck: {test: [CMD, probe, -q]}`.
# Guess: `docker run ... example sh -c "echo ready"`, --entrypoint python with -u before the arguments, and --health-cmd "probe -q".
# Seen: the command's words are joined with commas, `sh,-c,echo ready`, so docker looks for a program called `sh,-c,echo`. The option --entrypoint
# is given twice, of which the last counts, so the container starts `-u`. The health check runs `CMD,probe,-q`. Nothing is reported.
# Expected: Compose specification, "command", "entrypoint" and "healthcheck": each may be a list, whose first element is the program; CMD
# is not a part of the check. A command that is written as one text, the first line below, it gets right.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts decomposerize@1.4.4 >/dev/null 2>&1
mkdir bin
printf '#!/usr/bin/env bash\nprintf "<%%s>" "${@:2}"\necho\n' > bin/docker
chmod +x bin/docker
cat > convert.mjs <<'JS'
import decomposerize from 'decomposerize';
console.log((decomposerize.default ?? decomposerize)(`services:\n  web:\n    image: example\n    ${process.argv[2]}\n`));
JS
for key in 'command: sh -c "echo ready"' 'command: [sh, -c, "echo ready"]' 'entrypoint: [python, -u]' 'healthcheck: {test: [CMD, probe, -q]}'; do
  node convert.mjs "$key" > run.sh
  PATH="$folder/bin:$PATH" sh run.sh
done | tee seen
cat > expected <<'TEXT'
<example><sh><-c><echo ready>
<example><sh,-c,echo><ready>
<--entrypoint><python><--entrypoint><-u><example>
<--health-cmd><CMD,probe,-q><example>
TEXT
cmp -s expected seen || { echo "decomposerize writes something else now"; exit 1; }
