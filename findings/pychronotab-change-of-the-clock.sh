#!/usr/bin/env bash
# pychronotab 1.0.7 (PyPI), with cronsim 2.8 (PyPI) as a witness. Python 3.11 or newer, with a time zone database.
#
# Input: two schedules in Europe/Paris: `30 2 * * *` over the night of 29 March 2026, in which there is no half past two, and `0 * * * *` over the night of
# 25 October, in which there is an hour twice.
# Guess: the first at three o'clock or on the next day; the second once an hour.
# Seen: the first at 02:30+01:00 on 29 March, a time that the zone does not have (it is 03:30 there). The second at 02:00+02:00 and then at 03:00+01:00, which
# is two hours later: a job that runs every hour is missing once. cronsim gives 03:00+02:00, and both of the hours.
# Expected: the README counts "DST-aware, handles transitions correctly" among its points. cron(8) of Debian: jobs in the missing hour run once directly after the
# change, those of the hour that comes twice are not left out. KEDA's cron scaler takes a time zone for such schedules.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check pychronotab==1.0.7 cronsim==2.8 tzdata==2025.2 2>/dev/null
cat > next.py <<'PY'
from datetime import datetime
from itertools import islice
from zoneinfo import ZoneInfo
from cronsim import CronSim
from pychronotab import CronExpression

PARIS = ZoneInfo("Europe/Paris")
for expression, start in (("30 2 * * *", datetime(2026, 3, 28, 12, tzinfo=PARIS)), ("0 * * * *", datetime(2026, 10, 25, 1, 30, tzinfo=PARIS))):
    for name, times in (("pychronotab", CronExpression(expression, tz=PARIS).iter(start)), ("cronsim", CronSim(expression, start))):
        print(name, *(time.strftime("%d %H:%M%z") for time in islice(times, 2)))
PY
v/bin/python next.py | tee seen
cat > expected <<'TEXT'
pychronotab 29 02:30+0100 30 02:30+0200
cronsim 29 03:00+0200 30 02:30+0200
pychronotab 25 02:00+0200 25 03:00+0100
cronsim 25 02:00+0200 25 02:00+0100
TEXT
cmp -s expected seen || { echo "one of the two gives other times now"; exit 1; }
