#!/usr/bin/env bash
# jetblack-iso8601 2.0.0 (PyPI), with isodate 0.7.2 (PyPI) as a witness. Python 3.11 or newer.
#
# Input: timedeltas of half a second and of 90.25 seconds, written; `PT0.5S` and `PT1.5H`, read; and a time stamp with a fraction, read and written.
# Guess: PT0.5S and PT1M30.25S; half a second and an hour and a half; the same time stamp.
# Seen: P0D and PT1M30S: the fraction is dropped, so a pause of half a second is none. PT0.5S raises a ValueError of int(), and PT1.5H is None. The time
# stamp keeps its fraction.
# Expected: ISO 8601-1, 5.5.2: the smallest unit may have a decimal fraction. The README presents the functions as conversions between durations and
# timedelta, which has microseconds, and says that what was read is written the same; isodate writes and reads all of these.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check jetblack-iso8601==2.0.0 isodate==0.7.2 2>/dev/null
cat > convert.py <<'PY'
from datetime import timedelta
import isodate, jetblack_iso8601

for span in (timedelta(minutes=5), timedelta(milliseconds=500), timedelta(seconds=90.25)):
    print(span, jetblack_iso8601.timedelta_to_iso8601(span), isodate.duration_isoformat(span))
stamp = "2026-02-01T09:28:56.321Z"
print(jetblack_iso8601.datetime_to_iso8601(jetblack_iso8601.iso8601_to_datetime(stamp)) == stamp)
for text in ("PT5M", "PT0.5S", "PT1.5H"):
    try:
        span = jetblack_iso8601.iso8601_to_timedelta(text)
    except ValueError as error:
        span = type(error).__name__
    print(text, span, isodate.parse_duration(text))
PY
v/bin/python convert.py | tee seen
cat > expected <<'TEXT'
0:05:00 PT5M PT5M
0:00:00.500000 P0D PT0.5S
0:01:30.250000 PT1M30S PT1M30.25S
True
PT5M 0:05:00 0:05:00
PT0.5S ValueError 0:00:00.500000
PT1.5H None 1:30:00
TEXT
cmp -s expected seen || { echo "the durations are converted in another way now"; exit 1; }
