#!/usr/bin/env bash
# pyrestfile 0.2.1 (PyPI), Python 3.11 or newer.
#
# Input: a .rest file whose URL has its query on lines of its own, as REST Client's documentation shows for long ones:
# `DELETE http://127.0.0.1/orders` and below it, indented, `?state=draft` and `&limit=10`.
# Guess: one request with both parameters in its URL, or an error.
# Seen: the request is `DELETE http://127.0.0.1/orders` with the headers that follow. Both lines are gone, from the URL, the headers and
# the body, and nothing is said: what was to delete ten drafts deletes all orders.
# Expected: the package parses VS Code REST Client's files and promises to preserve the URL exactly as written. REST Client, "Query Strings":
# lines after the request line that begin with ? or & are part of it. runhttp (PyPI) and httpyac (npm) join them.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check pyrestfile==0.2.1 runhttp==0.1.0 2>/dev/null
cat > read.py <<'PY'
import pyrestfile
from runhttp.core import parse_http_file

TEXT = "DELETE http://127.0.0.1/orders\n    ?state=draft\n    &limit=10\nAccept: application/json\n"
(request,) = pyrestfile.parse_rest_file(TEXT)
print("pyrestfile", request.method, request.url, request.headers, repr(request.body))
print("runhttp", parse_http_file(TEXT)["requests"][0]["url"])
PY
v/bin/python read.py | tee seen
cat > expected <<'TEXT'
pyrestfile DELETE http://127.0.0.1/orders {'Accept': 'application/json'} ''
runhttp http://127.0.0.1/orders?state=draft&limit=10
TEXT
cmp -s expected seen || { echo "one of the two reads something else now"; exit 1; }
