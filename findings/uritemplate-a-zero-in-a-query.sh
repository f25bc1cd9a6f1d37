#!/usr/bin/env bash
# uritemplate 4.2.0 (PyPI), with uri-template 1.3.0 (PyPI) as a witness. Python 3.11 or newer.
#
# Input: `/orders{?skip,top,open}` with skip=0, top=5 and open=False, and `/orders/{skip}` with the same.
# Guess: `/orders?skip=0&top=5&open=False` and `/orders/0`.
# Seen: `/orders?skip=&top=5&open=`: the zero and the False are gone, and their names stay with nothing behind them. In the path, the same zero is
# there.
# Expected: RFC 6570, 2.4: a value is undefined or it is not, and 3.2.8 writes name, equals sign and value for every one that is defined; a number is
# turned into text first. A service answers 400 to `skip=`, or reads it as something else, on the first page alone.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check uritemplate==4.2.0 uri-template==1.3.0 2>/dev/null
cat > expand.py <<'PY'
import uri_template
import uritemplate

values = {"skip": 0, "top": 5, "open": False}
for template in ("/orders{?skip,top,open}", "/orders/{skip}"):
    print(uritemplate.expand(template, values), uri_template.expand(template, **values))
PY
v/bin/python expand.py | tee seen
cat > expected <<'TEXT'
/orders?skip=&top=5&open= /orders?skip=0&top=5&open=false
/orders/0 /orders/0
TEXT
cmp -s expected seen || { echo "the templates are expanded otherwise now"; exit 1; }
