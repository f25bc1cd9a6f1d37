#!/usr/bin/env bash
# procfile 0.1.0 (PyPI), Python 3.11 or newer.
#
# Input: three Procfiles: `web: env OPTIONS=--timeout=90 gunicorn app:app`, `web: env TITLE="my api" gunicorn app:app`, and one with a comment line
# before its process.
# Guess: OPTIONS is `--timeout=90`, TITLE is `my api`, and the comment is nothing.
# Seen: the first has ('OPTIONS', '--timeout', '90'), three things, so that dict() of the environment raises ValueError. The second has a TITLE of `"my`
# and runs the command `api" gunicorn app:app`. The third is refused: 'Invalid profile line "# the web".'
# Expected: env takes what stands after the first equals sign, and the shell's quotes hold a value together; foreman, honcho and Heroku take comment
# lines (Heroku's Procfile page shows them).
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check procfile==0.1.0 2>/dev/null
cat > read.py <<'PY'
import procfile

for text in ("web: env OPTIONS=--timeout=90 gunicorn app:app", 'web: env TITLE="my api" gunicorn app:app', "# the web\nweb: gunicorn app:app"):
    try:
        print(procfile.loads(text)["web"])
    except ValueError as error:
        print(error)
PY
v/bin/python read.py | tee seen
cat > expected <<'TEXT'
{'cmd': 'gunicorn app:app', 'env': [('OPTIONS', '--timeout', '90')]}
{'cmd': 'api" gunicorn app:app', 'env': [('TITLE', '"my')]}
Invalid profile line "# the web".
TEXT
cmp -s expected seen || { echo "the Procfiles are read otherwise now"; exit 1; }
