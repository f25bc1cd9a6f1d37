#!/usr/bin/env bash
# pyrestfile 0.2.1 (PyPI), Python 3.11 or newer.
#
# Input: a .rest file with `@amount = 5` and a JSON body `{"amount": {{amount}}}`, a number that comes from a variable; and the same with
# quotes, `{"amount": "{{amount}}"}`.
# Guess: both are read, with 5 in the place of the variable.
# Seen: the first is refused, "Content-Type is application/json but body is invalid JSON", and with it every other request of the file. The
# second is read. The body is judged before the variables are put in, and `{{` is no JSON.
# Expected: a template is judged when it is filled in. REST Client sends {"amount": 5}; numbers, true and whole objects can come
# from a variable in no other way. Without a Content-Type the same body is filled in and returned, so the value is known.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check pyrestfile==0.2.1 2>/dev/null
cat > read.py <<'PY'
import pyrestfile

FILE = "@amount = 5\n\nPOST http://127.0.0.1/orders\n%s\n%s\n"
for headers, body in (("Content-Type: application/json\n", '{"amount": {{amount}}}'), ("Content-Type: application/json\n", '{"amount": "{{amount}}"}'), ("", '{"amount": {{amount}}}')):
    try:
        print(pyrestfile.parse_rest_file(FILE % (headers, body))[0].body)
    except ValueError as error:
        print(str(error).partition(":")[0])
PY
v/bin/python read.py | tee seen
cat > expected <<'TEXT'
Content-Type is application/json but body is invalid JSON
{"amount": "5"}
{"amount": 5}
TEXT
cmp -s expected seen || { echo "pyrestfile reads something else now"; exit 1; }
