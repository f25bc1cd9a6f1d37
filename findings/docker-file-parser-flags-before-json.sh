#!/usr/bin/env bash
# docker-file-parser 1.0.7 (npm), Node.js 18 or newer.
#
# Input: COPY in its JSON form, the one for paths with blanks, without a flag and with `--chown=app`; and HEALTHCHECK with its command as JSON.
# Guess: the same two paths both times, the flag beside them.
# Seen: without a flag the two paths. With one the JSON is cut at its blanks: four arguments, `["my`, `file.txt",` and so on, and the flag is
# the first of them. HEALTHCHECK's command stays one string. The `error` that the parser sets on what it cannot read stays unset.
# Expected: Dockerfile reference, COPY: `COPY [OPTIONS] ["<src>", ... "<dest>"]`. Flags are taken off first, what remains is read as JSON;
# BuildKit's own parser does so, and the package calls itself one for Dockerfiles, whose COPY has had flags since 2017.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts docker-file-parser@1.0.7 >/dev/null 2>&1
cat > read.js <<'JS'
const lines = ['FROM scratch', 'COPY ["my file.txt", "/app/"]', 'COPY --chown=app ["my file.txt", "/app/"]', 'HEALTHCHECK --retries=3 CMD ["probe", "-q"]'];
for (const command of require('docker-file-parser').parse(lines.join('\n')).slice(1)) console.log(JSON.stringify([command.args, command.error ?? 'no error']));
JS
node read.js | tee seen
cat > expected <<'TEXT'
[["my file.txt","/app/"],"no error"]
[["--chown=app","[\"my","file.txt\",","\"/app/\"]"],"no error"]
["--retries=3 CMD [\"probe\", \"-q\"]","no error"]
TEXT
cmp -s expected seen || { echo "docker-file-parser reads something else now"; exit 1; }
