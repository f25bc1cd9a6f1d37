#!/usr/bin/env bash
# sfvparse 0.1.0 (PyPI), with http-sf 1.5.0 (PyPI) as a witness. Python 3.11 or newer.
#
# Input: three structured fields: the item `:aGk=:`, the two letters hi as bytes; the dictionary `u=1, i`, as browsers send it in Priority;
# and the integer 1000000000000000, which has sixteen digits.
# Guess: b"hi"; u is 1 and i is true; refused.
# Seen: the text between the colons as it is, in base64, so a digest or a key that is read this way is another one; the dictionary is refused, expected '='
# after dictionary key; the integer is taken.
# Expected: RFC 8941 (and RFC 9651), 4.2.7: the content is decoded from base64; 4.2.2: a member without = is true; 4.2.4: at
# most fifteen digits. The package describes itself as a parser of RFC 8941's values.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check sfvparse==0.1.0 http-sf==1.5.0 2>/dev/null
cat > read.py <<'PY'
import http_sf
import sfvparse


def tried(call, *words, **more):
    try:
        return call(*words, **more)
    except Exception as error:
        return type(error).__name__


for kind, call, text in (
    ("item", sfvparse.parse_item, ":aGk=:"),
    ("dictionary", sfvparse.parse_dict, "u=1"),
    ("dictionary", sfvparse.parse_dict, "u=1, i"),
    ("item", sfvparse.parse_item, "1000000000000000"),
):
    print(text, "|", tried(call, text), "|", tried(http_sf.parse, text.encode(), tltype=kind))
PY
v/bin/python read.py | tee seen
cat > expected <<'TEXT'
:aGk=: | {'value': b'aGk=', 'params': {}} | (b'hi', {})
u=1 | {'u': {'key': 'u', 'value': 1, 'params': {}}} | {'u': (1, {})}
u=1, i | ValueError | {'u': (1, {}), 'i': (True, {})}
1000000000000000 | {'value': 1000000000000000, 'params': {}} | StructuredFieldError
TEXT
cmp -s expected seen || { echo "one of the two reads something else now"; exit 1; }
