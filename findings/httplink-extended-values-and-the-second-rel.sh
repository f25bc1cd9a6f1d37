#!/usr/bin/env bash
# httplink 0.2.0 (PyPI), with weblinking 1.0.0 (PyPI) as a witness. Python 3.11 or newer.
#
# Input: Link headers of a next page with `title*=UTF-8''n%C3%A4chste`, with the same and a language, and with `rel=next; rel=prev`.
# Guess: next, three times.
# Seen: a ValueError for the first, bad extended value: only with a language between the two apostrophes is it read, though that may be empty and mostly
# is, so all links of the answer are lost for a title. prev for the third, so a program that walks through pages turns round.
# Expected: RFC 8288, 3.3: of several rel parameters all but the first are ignored; RFC 8187, 3.2.1: the language may be empty. The package says that it
# is a library for parsing RFC 8288's headers.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check httplink==0.2.0 weblinking==1.0.0 2>/dev/null
cat > read.py <<'PY'
import httplink
import weblinking

for header in (
    "</orders?page=2>; rel=next; title*=UTF-8''n%C3%A4chste",
    "</orders?page=2>; rel=next; title*=UTF-8'de'n%C3%A4chste",
    "</orders?page=2>; rel=next; rel=prev",
    '</orders?page=2>; Rel="next"',
):
    try:
        answer = [sorted(link.rel) for link in httplink.parse_link_header(header).links]
    except ValueError as error:
        answer = type(error).__name__
    print(header[18:], "|", answer, [list(link.rels) for link in weblinking.parse(header)])
PY
v/bin/python read.py | tee seen
cat > expected <<'TEXT'
rel=next; title*=UTF-8''n%C3%A4chste | ValueError [['next']]
rel=next; title*=UTF-8'de'n%C3%A4chste | [['next']] [['next']]
rel=next; rel=prev | [['prev']] [['next']]
Rel="next" | [['next']] [['next']]
TEXT
cmp -s expected seen || { echo "one of the two reads something else now"; exit 1; }
