#!/usr/bin/env bash
# human-to-cron 0.3.1 (npm), with cron-parser 5.4.0 (npm), which takes six fields too, to say when it is. Node.js 20 or newer.
#
# Input: `august friday 15:44`, `once each month` and `each 2 minutes`, which are among the examples of its README, and `every monday at 9:30am`.
# Guess: Fridays of August at 15:44; the first of a month; every second minute; and an error, or Mondays at 9:30.
# Seen: July for August, since months are counted from 0; every Sunday for "once each month"; sixty times in each second minute for the third. The fourth becomes
# `* * * * * *`: words that it does not know are left out, so what was to run once a week runs every second.
# Expected: the fields are second, minute, hour, day of the month, month from 1 and day of the week, in cron-parser, in node-cron and in Quartz; the README's
# own results are others again. What a translator cannot read it refuses.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts human-to-cron@0.3.1 cron-parser@5.4.0 >/dev/null 2>&1
cat > say.js <<'JS'
const humanToCron = require('human-to-cron');
const { CronExpressionParser } = require('cron-parser');
for (const words of ['friday 15:44', 'august friday 15:44', 'once each month', 'each 2 minutes', 'every monday at 9:30am']) {
  const cron = humanToCron(words);
  const times = CronExpressionParser.parse(cron, { currentDate: new Date('2026-01-01T00:02:00Z'), tz: 'UTC' }).take(3);
  console.log(words, '|', cron, '|', ...times.map(time => time.toDate().toISOString().slice(5, 19)));
}
JS
node say.js | tee seen
cat > expected <<'TEXT'
friday 15:44 | 0 44 15 * * 5 | 01-02T15:44:00 01-09T15:44:00 01-16T15:44:00
august friday 15:44 | 0 44 15 * 7 5 | 07-03T15:44:00 07-10T15:44:00 07-17T15:44:00
once each month | 0 0 0 * */1 0 | 01-04T00:00:00 01-11T00:00:00 01-18T00:00:00
each 2 minutes | * */2 * * * * | 01-01T00:02:01 01-01T00:02:02 01-01T00:02:03
every monday at 9:30am | * * * * * * | 01-01T00:02:01 01-01T00:02:02 01-01T00:02:03
TEXT
cmp -s expected seen || { echo "human-to-cron says something else now"; exit 1; }
