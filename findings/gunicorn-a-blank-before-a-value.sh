#!/usr/bin/env bash
# gunicorn 27.0.1 (PyPI), Python 3.11 or newer.
#
# Input: an option and its value in one word, as a list in a Dockerfile's CMD has it when somebody forgets to part them: `-b 0.0.0.0:5000`, `-w 2`, `-c
# conf.py`, `-m 007` and `--bind 0.0.0.0:5000`, each with `--print-config app:app`.
# Guess: five refusals that name the word.
# Seen: the first two work: the blank in front of the value is taken off. `-c` looks for a file called ` conf.py` and `-m` calls ` 007` invalid. The
# last one ends in "unrecognized arguments: app:app", and blames the word after it, which is the only one that is right.
# Expected: one rule for one mistake. argparse gives what follows a short option to it, blank and all, and takes a long word with a blank in it for no
# option but for the application; what is left over is then the real one.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check gunicorn==27.0.1 2>/dev/null
touch conf.py
echo 'def app(environ, start_response): return []' > app.py
for word in '-b 0.0.0.0:5000' '-w 2' '-c conf.py' '-m 007' '--bind 0.0.0.0:5000'; do
  echo "$word: $(v/bin/gunicorn "$word" --print-config app:app 2>&1 | grep -E "^bind .*'0|^workers .*2|: error|^Error" | sed 's/  */ /' || true)"
done | tee seen
cat > expected <<'TEXT'
-b 0.0.0.0:5000: bind = ['0.0.0.0:5000']
-w 2: workers = 2
-c conf.py: Error: ' conf.py' doesn't exist
-m 007: gunicorn: error: argument -m/--umask: invalid auto_int value: ' 007'
--bind 0.0.0.0:5000: gunicorn: error: unrecognized arguments: app:app
TEXT
cmp -s expected seen || { echo "gunicorn reads the words otherwise now"; exit 1; }
