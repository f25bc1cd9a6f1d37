#!/usr/bin/env bash
# portus-py 0.1.0 (PyPI), Python 3.11 or newer. No engine is needed: what the Dockerfile says is done in an environment of its own.
#
# Input: a Flask project of two files, main.py with a route /orders and requirements.txt with `flask==3.1.2`; `portus-py init`.
# Guess: a Dockerfile whose start runs, or a word that gunicorn is to be added; and a check that is content with an answer below 500, as its text says.
# Seen: CMD runs gunicorn, which nothing installs: the container ends at once, with 127. The check asks for /, which this API does not have, and urlopen()
# raises HTTPError at 404 before its status is compared, so with a server installed the container would be unhealthy for ever.
# Expected: Python's documentation of urllib.request: HTTPError is raised for answers that are not successful. The package promises a Dockerfile that is ready
# for production.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check portus-py==0.1.0 2>/dev/null
mkdir shop
cat > shop/main.py <<'PY'
from flask import Flask

app = Flask(__name__)


@app.get("/orders")
def orders():
    return "two"
PY
echo 'flask==3.1.2' > shop/requirements.txt
(cd shop && ../v/bin/portus-py init > ../log)
grep -E '^(RUN pip|CMD)' shop/Dockerfile | tee seen
python3 -m venv image >/dev/null
image/bin/pip install --quiet --disable-pip-version-check -r shop/requirements.txt 2>/dev/null
{ [ -e image/bin/gunicorn ] && echo "gunicorn is installed" || echo "gunicorn is not installed"; } | tee -a seen
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
(cd shop && exec ../image/bin/flask --app main run --port "$port") > log 2>&1 & server=$!
trap 'kill "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT
echo "orders: $(curl -s --retry 40 --retry-delay 1 --retry-connrefused "http://127.0.0.1:$port/orders")" | tee -a seen
check=$(grep -oP '(?<=CMD python -c ").*(?=" \|\| exit 1)' shop/Dockerfile | sed "s#http://localhost:5000/#http://127.0.0.1:$port/#")
status=0; image/bin/python -c "$check" 2> log || status=$?
echo "check: $status, $(tail -1 log | cut -d. -f3)" | tee -a seen
cat > expected <<'TEXT'
RUN pip install --no-cache-dir -r requirements.txt
CMD ["gunicorn", "main:app", "--bind", "0.0.0.0:5000"]
gunicorn is not installed
orders: two
check: 1, HTTPError: HTTP Error 404: NOT FOUND
TEXT
cmp -s expected seen || { echo "portus-py writes something else now"; exit 1; }
