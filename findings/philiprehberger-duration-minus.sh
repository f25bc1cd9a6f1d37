#!/usr/bin/env bash
# philiprehberger-duration 0.4.0 (PyPI), with pytimeparse2 1.7.1 (PyPI) as a witness. Python 3.11 or newer.
#
# Input: `-5m`, `.5s`, `1m30` and `1 day, 2:03:04`, as Python prints a timedelta, read; and -90 seconds written and read again.
# Guess: -300, 0.5, 93784, an error for 1m30, and -90; or errors for what is not known.
# Seen: 300, 5, 60 and 86400: what stands before, behind or between the parts that are known is not looked at, a minus sign and a decimal point included.
# -90 is written as `-1w 6d 23h 58m 30s` and read again as two weeks less 90 seconds, 1209510.
# Expected: a reader that raises ValueError for a text it does not know, as this one does for `90`, does not skip half of one. pytimeparse2 reads the
# first two and the last, and answers None for 1m30. format() and parse() of one package undo one another.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check philiprehberger-duration==0.4.0 pytimeparse2==1.7.1 2>/dev/null
cat > parse.py <<'PY'
import philiprehberger_duration as durations
import pytimeparse2

for text in ("5m", "-5m", ".5s", "1m30", "1 day, 2:03:04"):
    print(f"{text}: {durations.parse(text)} {pytimeparse2.parse(text)}")
text = durations.format(-90)
print(f"{text}: {durations.parse(text)}")
PY
v/bin/python parse.py | tee seen
cat > expected <<'TEXT'
5m: 300.0 300
-5m: 300.0 -300
.5s: 5.0 0.5
1m30: 60.0 None
1 day, 2:03:04: 86400.0 93784
-1w 6d 23h 58m 30s: 1209510.0
TEXT
cmp -s expected seen || { echo "the durations are read in another way now"; exit 1; }
