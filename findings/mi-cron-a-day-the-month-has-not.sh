#!/usr/bin/env bash
# @fregante/mi-cron 2.0.1 (npm), with cron-parser 5.4.0 (npm) as a witness. Node.js 20 or newer.
#
# Input: `0 0 31 * *` and `0 0 29 2 *`, the 31st and the leap day; the next four times after New Year's Eve 2025, in UTC.
# Guess: 31 January, March, May and July 2026; 29 February 2028 and 2032.
# Seen: 31 January, 3 March, 31 March and 1 May: the 31st of February is taken for 3 March and the 31st of April for 1 May. The leap day is 1 March in 2026, in
# 2027 and in 2029. A closing of the month runs when the next month has begun; a job that was to run every four years runs every year.
# Expected: POSIX, crontab: the job runs on the days whose number is in the field; a month without that day has none. The README promises the complete standard
# cron syntax and lists what is not supported; days that not every month has are not in the list.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts @fregante/mi-cron@2.0.1 cron-parser@5.4.0 >/dev/null 2>&1
cat > next.mjs <<'JS'
import { parseCron } from '@fregante/mi-cron';
import parser from 'cron-parser';
const start = new Date('2025-12-31T12:00:00Z');
for (const expression of ['0 0 31 * *', '0 0 29 2 *']) {
  const schedule = parseCron(expression), days = [];
  for (let day = start; days.length < 4; days.push(day.toISOString().slice(0, 10))) day = parseCron.nextDate(schedule, day);
  console.log('mi-cron', ...days);
  const witness = (parser.CronExpressionParser ?? parser.default).parse(expression, { currentDate: start, tz: 'UTC' });
  console.log('cron-parser', ...witness.take(4).map((date) => date.toISOString().slice(0, 10)));
}
JS
TZ=UTC node next.mjs | tee seen
cat > expected <<'TEXT'
mi-cron 2026-01-31 2026-03-03 2026-03-31 2026-05-01
cron-parser 2026-01-31 2026-03-31 2026-05-31 2026-07-31
mi-cron 2026-03-01 2027-03-01 2028-02-29 2029-03-01
cron-parser 2028-02-29 2032-02-29 2036-02-29 2040-02-29
TEXT
cmp -s expected seen || { echo "one of the two gives other days now"; exit 1; }
