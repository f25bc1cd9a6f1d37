#!/usr/bin/env bash
# httpcneg 0.1.0 (PyPI), with webob 1.8.9 (PyPI) as a witness. Python 3.11 or newer.
#
# Input: a server that has text/plain and text/html, asked with `Accept: text/*, text/plain;q=0.2`, and with `*/*, text/plain;q=0`.
# Guess: text/html, twice.
# Seen: text/plain for the first, which the client wanted least, and for the second text/plain again, which it refused: the widest range with the highest weight
# counts, and what is said of one type by its name does not.
# Expected: RFC 9110, 12.5.1: the most specific range that matches a type gives its weight, and a weight of 0 means not acceptable.
# The package matches with weights by that section, as it says.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check httpcneg==0.1.0 webob==1.8.9 2>/dev/null
cat > ask.py <<'PY'
from httpcneg import best_match
from webob.acceptparse import create_accept_header

offers = ["text/plain", "text/html"]
for accept in ("text/*, text/plain;q=0.2", "*/*, text/plain;q=0", "text/plain;q=0.2, text/html"):
    print(accept, "|", best_match(accept, offers), [offer for offer, weight in create_accept_header(accept).acceptable_offers(offers)][:1])
PY
v/bin/python ask.py | tee seen
cat > expected <<'TEXT'
text/*, text/plain;q=0.2 | text/plain ['text/html']
*/*, text/plain;q=0 | text/plain ['text/html']
text/plain;q=0.2, text/html | text/html ['text/html']
TEXT
cmp -s expected seen || { echo "one of the two chooses otherwise now"; exit 1; }
