#!/usr/bin/env bash
# cron-converter 2.0.2 (PyPI) with cronsim 2.8 (PyPI) as a witness, Python 3.11 or newer.
#
# Input: `0 6 1,15 * 1`, six o'clock on the 1st, the 15th and on Mondays; the next four times after New Year's Eve 2025.
# Guess: 1, 5, 12 and 15 January 2026.
# Seen: 1 June, 15 June, 1 February 2027 and 15 February 2027: both fields must match, so the schedule is quiet for five months. `in` and the
# comparison of frequencies count in the same way. No note in the documentation says that the rule is another one.
# Expected: POSIX, crontab: where both the day of the month and the day of the week are restricted, a day that matches either of them is meant. So
# do cron itself, KEDA's cron scaler and GitHub's schedules, and cronsim. The class promises times "with a cron like format".
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check cron-converter==2.0.2 cronsim==2.8 2>/dev/null
cat > next.py <<'PY'
from datetime import datetime
from cron_converter import Cron
from cronsim import CronSim

EXPRESSION, START = "0 6 1,15 * 1", datetime(2025, 12, 31, 12)
schedule, witness = Cron(EXPRESSION).schedule(START), CronSim(EXPRESSION, START)
print("cron-converter", *(schedule.next().date() for _ in range(4)))
print("cronsim", *(next(witness).date() for _ in range(4)))
PY
v/bin/python next.py | tee seen
printf 'cron-converter 2026-06-01 2026-06-15 2027-02-01 2027-02-15\ncronsim 2026-01-01 2026-01-05 2026-01-12 2026-01-15\n' | cmp -s - seen || { echo "one of the two gives other days now"; exit 1; }
