#!/usr/bin/env bash
# curlipie 0.9.0 (PyPI), Python 3.11 or newer.
#
# Input: four PUTs with a JSON body, converted one after the other: `{"note": null}`, `{"note": ""}`, `[1, 2]` and `{"open": 1}`.
# Guess: `note:=null`, `note=''`, an error for the list or a raw body, and `open:=1` without an error.
# Seen: the first two are the same command, `note=''`: a value that was to be cleared becomes an empty text, and `errors` is empty. The list has an error,
# and a command without a body. The fourth is right and has the third's error: the list of errors is shared by all calls.
# Expected: HTTPie's documentation, "Non-string JSON fields": := takes null as it takes numbers; RFC 8259, 3: null and "" are two values. What is
# reported with an answer belongs to that answer.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check curlipie==0.9.0 2>/dev/null
cat > convert.py <<'PY'
from curlipie import curl_to_httpie

for body in ('{"note": null}', '{"note": ""}', "[1, 2]", '{"open": 1}'):
    answer = curl_to_httpie(f"curl -X PUT -H 'Content-Type: application/json' -d '{body}' http://127.0.0.1/orders")
    print(f"{body}: {answer.httpie}, errors {answer.errors}")
PY
v/bin/python convert.py | tee seen
cat > expected <<'TEXT'
{"note": null}: http PUT 127.0.0.1/orders note='', errors []
{"note": ""}: http PUT 127.0.0.1/orders note='', errors []
[1, 2]: http PUT 127.0.0.1/orders Content-Type:application/json, errors ['JSON content does not represent an object']
{"open": 1}: http PUT 127.0.0.1/orders open:=1, errors ['JSON content does not represent an object']
TEXT
cmp -s expected seen || { echo "curlipie writes something else now"; exit 1; }
