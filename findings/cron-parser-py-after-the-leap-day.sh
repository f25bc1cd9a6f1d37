#!/usr/bin/env bash
# cron-parser-py 1.0.0 (PyPI), with cronsim 2.8 (PyPI) as a witness. Python 3.11 or newer.
#
# Input: `0 0 29 2 *`, the next two times from January 2026; `0 0 30 4,6 *`, the last time before 1 March 2026; and `0 9 * * 5-7`.
# Guess: the leap days of 2028 and 2032, 30 June 2025, and Friday to Sunday.
# Seen: ValueError (day is out of range for month) for the first two: the search goes to another month or year and takes the day along, to a month that does
# not have it. One leap day is found, the one after it never. The third is refused, range start 5 > end 0, though 7 alone is taken for Sunday: it becomes
# 0 before the range is looked at.
# Expected: crontab(5): days that do not exist are not matched, and 0 and 7 are both Sunday. The package promises next_runs() and previous_run() for any
# expression that it parses.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check cron-parser-py==1.0.0 cronsim==2.8 2>/dev/null
cat > ask.py <<'PY'
from datetime import datetime
from itertools import islice

from cron_parser_py import CronParser
from cronsim import CronSim


def tried(call):
    try:
        return " ".join(f"{time:%Y-%m-%d}" for time in call())
    except ValueError as error:
        return f"{type(error).__name__} {error}".split(" (")[0]


january, march = datetime(2026, 1, 1), datetime(2026, 3, 1)
for count in (1, 2):
    print(tried(lambda: CronParser.parse("0 0 29 2 *").next_runs(count, january)), "|", tried(lambda: islice(CronSim("0 0 29 2 *", january), count)))
print(tried(lambda: [CronParser.parse("0 0 30 4,6 *").previous_run(march)]), "|", tried(lambda: islice(CronSim("0 0 30 4,6 *", march, reverse=True), 1)))
for cron in ("0 9 * * 7", "0 9 * * 5-7"):
    try:
        weekday = tried(lambda: CronParser.parse(cron).next_runs(1, january))
    except Exception as error:
        weekday = str(error).split(" (")[0]
    print(weekday, "|", tried(lambda: islice(CronSim(cron, january), 1)))
PY
v/bin/python ask.py | tee seen
cat > expected <<'TEXT'
2028-02-29 | 2028-02-29
ValueError day is out of range for month | 2028-02-29 2032-02-29
ValueError day is out of range for month | 2025-06-30
2026-01-04 | 2026-01-04
Range start 5 > end 0 in day_of_week field | 2026-01-02
TEXT
cmp -s expected seen || { echo "one of the two answers something else now"; exit 1; }
