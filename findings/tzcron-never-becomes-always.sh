#!/usr/bin/env bash
# tzcron 1.0.0 (PyPI), with cronsim 2.8 (PyPI) as a witness. Python 3.11 or newer.
#
# Input: `0 22-2 * * * *`, hours that go over midnight, and `0 9 * * 1#2 *`, the second Monday; the first three times of 2026.
# Guess: an error for both; or 22 to 2 o'clock and 12 January, 9 February and 9 March.
# Seen: 22-2 runs at every full hour of the day: the range is empty, and an empty list of hours is no limit. 1#2 runs each Monday: what follows the number
# is not looked at. cronsim refuses the first and reads the second as the second Monday.
# Expected: a range that ends before it begins means the hours over midnight (Vixie cron refuses it); nothing takes it for all of them. The package
# has an InvalidExpression, and raises it for what it does not know elsewhere: `0 9 L * * *`.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check tzcron==1.0.0 cronsim==2.8 2>/dev/null
cat > times.py <<'PY'
import datetime, itertools
import cronsim, pytz, tzcron

start = datetime.datetime(2025, 12, 31, 23, 59)


def show(times):
    try:
        return [time.strftime("%d %b %H:%M") for time in itertools.islice(times(), 3)]
    except (tzcron.InvalidExpression, cronsim.CronSimError) as refusal:
        return type(refusal).__name__


for expression in ("0 22-2 * * *", "0 9 * * 1#2", "0 9 L * *"):
    print(expression, "tzcron", show(lambda: tzcron.Schedule(f"{expression} *", pytz.utc, pytz.utc.localize(start))))
    print(expression, "cronsim", show(lambda: cronsim.CronSim(expression, start)))
PY
v/bin/python -W ignore times.py | tee seen
cat > expected <<'TEXT'
0 22-2 * * * tzcron ['01 Jan 00:00', '01 Jan 01:00', '01 Jan 02:00']
0 22-2 * * * cronsim CronSimError
0 9 * * 1#2 tzcron ['05 Jan 09:00', '12 Jan 09:00', '19 Jan 09:00']
0 9 * * 1#2 cronsim ['12 Jan 09:00', '09 Feb 09:00', '09 Mar 09:00']
0 9 L * * tzcron InvalidExpression
0 9 L * * cronsim ['31 Jan 09:00', '28 Feb 09:00', '31 Mar 09:00']
TEXT
cmp -s expected seen || { echo "the schedules are another now"; exit 1; }
