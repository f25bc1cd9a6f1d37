#!/usr/bin/env bash
# dotenvy-py 0.1.0 (PyPI), with python-dotenv 1.2.4 (PyPI) as a witness. Python 3.11 or newer.
#
# Input: a .env file with `export REGION=westeurope`, `WORKERS=4 # a core each` and a value in quotes that spans two lines.
# Guess: REGION, WORKERS and KEY with the values westeurope, 4 and the two lines.
# Seen: a variable called `export REGION`, WORKERS with `4 # a core each`, and KEY with `"first`, the quote and the first line. Nothing is said, and
# from_filename() answers with the file's path, as it does where all went well.
# Expected: the package calls itself a port of Rust's dotenvy with a compatible interface; dotenvy's own documentation and tests have export, comments
# after values and values of several lines. python-dotenv reads the three. WORKERS of that text ends in a ValueError where it is used, and
# REGION is simply missing.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check dotenvy-py==0.1.0 python-dotenv==1.2.4 2>/dev/null
printf 'export REGION=westeurope\nWORKERS=4 # a core each\nKEY="first\nsecond"\n' > app.env
cat > read.py <<'PY'
import os

import dotenv
import dotenvy_py

before = set(os.environ)
dotenvy_py.from_filename("app.env")
print("dotenvy-py", {name: value for name, value in sorted(os.environ.items()) if name not in before})
print("python-dotenv", dict(sorted(dotenv.dotenv_values("app.env").items())))
PY
env -u REGION -u WORKERS -u KEY v/bin/python read.py | tee seen
cat > expected <<'TEXT'
dotenvy-py {'KEY': '"first', 'WORKERS': '4 # a core each', 'export REGION': 'westeurope'}
python-dotenv {'KEY': 'first\nsecond', 'REGION': 'westeurope', 'WORKERS': '4'}
TEXT
cmp -s expected seen || { echo "dotenvy-py reads something else now"; exit 1; }
