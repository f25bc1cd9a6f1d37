#!/usr/bin/env bash
# linkheader-parser 0.6 (PyPI), with weblinking 1.0.0 (PyPI) as a witness. Python 3.11 or newer.
#
# Input: five Link headers that all name one next page: rel="next", rel=next, Rel="next", `rel = "next"`, and rel=next behind a title*.
# Guess: the next page, five times.
# Seen: the first one has it. The other four give an empty dict, as a header without links does, so a loop over pages ends with the first one and says nothing.
# Expected: RFC 8288, 3: a parameter's value is a token or a quoted string, blanks may stand around the equals sign, names are compared without regard to case,
# and title* comes in exactly this form. The README leaves rare cases out and promises the common ones; the RFC's own grammar has rel=next. weblinking reads
# all five. What is not understood is an error, not a header without links.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check linkheader-parser==0.6 weblinking==1.0.0 2>/dev/null
cat > parse.py <<'PY'
import linkheader_parser, weblinking

for relation in ('rel="next"', "rel=next", 'Rel="next"', 'rel = "next"', "title*=UTF-8''caf%C3%A9; rel=next"):
    header = f"<https://registry.example/tags?last=v1>; {relation}"
    here = linkheader_parser.parse(header).get("next", {}).get("url")
    print(f"{relation}: {here} {weblinking.find(weblinking.parse(header), 'next').uri}")
PY
v/bin/python parse.py | tee seen
cat > expected <<'TEXT'
rel="next": https://registry.example/tags?last=v1 https://registry.example/tags?last=v1
rel=next: None https://registry.example/tags?last=v1
Rel="next": None https://registry.example/tags?last=v1
rel = "next": None https://registry.example/tags?last=v1
title*=UTF-8''caf%C3%A9; rel=next: None https://registry.example/tags?last=v1
TEXT
cmp -s expected seen || { echo "the header is read in another way now"; exit 1; }
