#!/usr/bin/env bash
# foreman 3.0.1 (npm), with honcho 2.0.0 (PyPI) as a witness. Node.js 18 and Python 3.11 or newer.
#
# Input: a Procfile with `web: echo the web process`, a line of three blanks, and `worker: echo the worker`, beside a package.json whose start script
# is `echo npm start`; and the same with an empty line.
# Guess: both processes are started, twice.
# Seen: with the blanks none of the two is started: foreman prints "Cannot read properties of null (reading '1')" and runs `npm start` as the only
# process. With the empty line both are started. The exit status is 0 both times.
# Expected: Heroku's documentation, "The Procfile": one process type a line; honcho and Ruby's foreman skip lines of white space. A file that
# is there and cannot be read is an error that names the line, and no reason to start another program than the one that was asked for.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts foreman@3.0.1 >/dev/null 2>&1
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check honcho==2.0.0 2>/dev/null
mkdir app
echo '{"name": "app", "scripts": {"start": "echo npm start"}}' > app/package.json
cd app
for line in '   ' ''; do
  printf 'web: echo the web process; sleep 2\n%s\nworker: echo the worker; sleep 2\n' "$line" > Procfile
  for runner in "node ../node_modules/foreman/nf.js start" "../v/bin/honcho start"; do
    status=0
    timeout 60 $runner > ../log 2>&1 || status=$?
    started=$(grep -oE '(the web process|the worker|npm start)$' ../log | sort -u | paste -sd, - || true)
    case $runner in node*) name=foreman ;; *) name=honcho ;; esac
    echo "'$line' $name: $started, exit status $status"
  done
done | tee ../seen
cat > ../expected <<'TEXT'
'   ' foreman: npm start, exit status 0
'   ' honcho: the web process,the worker, exit status 0
'' foreman: the web process,the worker, exit status 0
'' honcho: the web process,the worker, exit status 0
TEXT
cmp -s ../expected ../seen || { echo "other processes are started now"; exit 1; }
