#!/usr/bin/env bash
# pycron 3.3.0 (PyPI), with cronsim 2.8 (PyPI) as a witness. Python 3.11 or newer.
#
# Input: four schedules for nine o'clock, `0 9 * * 7`, `0 9 * * 5-7`, `0 9 * JAN *` and `0 9 * * MON`, asked on each day of January 2026 with is_now().
# Guess: 4 Sundays, 14 days from Friday to Sunday, 31 days and 4 Mondays; or errors for what is not known.
# Seen: none, 10, none and 4. Sunday as 7 and names of months never match, and 5-7 is without its Sunday; nothing is raised, so a job that was written this
# way is never run. Names of days are known, MON and monday both.
# Expected: crontab(5) of Vixie cron and Debian: 0 and 7 are Sunday, names can be used for months and days of the week. A text that can match no time is an
# error; the package raises ValueError where a field is missing.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check pycron==3.3.0 cronsim==2.8 2>/dev/null
cat > count.py <<'PY'
import datetime, itertools
import cronsim, pycron

days = [datetime.datetime(2026, 1, day, 9) for day in range(1, 32)]
for schedule in ("0 9 * * 7", "0 9 * * 5-7", "0 9 * JAN *", "0 9 * * MON"):
    times = cronsim.CronSim(schedule, datetime.datetime(2025, 12, 31, 23))
    witness = list(itertools.takewhile(lambda time: time.date() <= days[-1].date(), times))
    print(f"{schedule}: pycron {sum(pycron.is_now(schedule, day) for day in days)}, cronsim {len(witness)}")
PY
v/bin/python count.py | tee seen
cat > expected <<'TEXT'
0 9 * * 7: pycron 0, cronsim 4
0 9 * * 5-7: pycron 10, cronsim 14
0 9 * JAN *: pycron 0, cronsim 31
0 9 * * MON: pycron 4, cronsim 4
TEXT
cmp -s expected seen || { echo "the schedules match other days now"; exit 1; }
