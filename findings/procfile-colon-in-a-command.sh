#!/usr/bin/env bash
# procfile 0.1.1 and parse-procfile 0.0.2 (npm), Node.js 18 or newer, with honcho 2.0.0 (PyPI) as a witness, Python 3.11 or newer.
#
# Input: three Procfiles: `web: gunicorn --bind 0.0.0.0:$PORT app:app`, the same with a comment on the line above, and one whose process is called web-1.
# Guess: the command as it stands, three times.
# Seen: for procfile the command ends at its second colon, `gunicorn --bind 0.0.0.0`: no port and no application, and stringify() writes that into the file.
# At the comment it falls over with a TypeError. parse-procfile has the whole command, and refuses the comment and the name with a dash.
# Expected: Heroku's documentation, "The Procfile": `<process type>: <command>`, the name ends at the first colon, and the command is what the shell gets. The
# first line is the one of every guide to Flask and gunicorn. honcho, and foreman before it, take names with dashes and pass comments over.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts procfile@0.1.1 parse-procfile@0.0.2 >/dev/null 2>&1
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check honcho==2.0.0 2>/dev/null
cat > read.js <<'JS'
const procfile = require('procfile'), parseProcfile = require('parse-procfile');
const text = process.argv[2];
const answer = (read) => { try { return read(); } catch (error) { return error.name; } };
console.log('procfile:', answer(() => procfile.stringify(procfile.parse(text))));
console.log('parse-procfile:', answer(() => Object.entries(parseProcfile(text)).map(([name, command]) => `${name}: ${command}`).join()));
JS
cat > read.py <<'PY'
import sys
from honcho.environ import parse_procfile

print("honcho:", *(f"{name}: {command}" for name, command in parse_procfile(sys.argv[1]).processes.items()))
PY
command='gunicorn --bind 0.0.0.0:$PORT app:app'
for text in "web: $command" "# the application"$'\n'"web: $command" "web-1: $command"; do
  node read.js "$text"$'\n'
  v/bin/python read.py "$text"$'\n'
done | tee seen
cat > expected <<'TEXT'
procfile: web: gunicorn --bind 0.0.0.0
parse-procfile: web: gunicorn --bind 0.0.0.0:$PORT app:app
honcho: web: gunicorn --bind 0.0.0.0:$PORT app:app
procfile: TypeError
parse-procfile: Error
honcho: web: gunicorn --bind 0.0.0.0:$PORT app:app
procfile: web-1: gunicorn --bind 0.0.0.0
parse-procfile: Error
honcho: web-1: gunicorn --bind 0.0.0.0:$PORT app:app
TEXT
cmp -s expected seen || { echo "one of the three reads something else now"; exit 1; }
