#!/usr/bin/env bash
# @datasert/cronjs-matcher 1.4.0 (npm), with cron-parser 5.4.0 (npm) as a witness. Node.js 20 or newer.
#
# Input: `0 0 * * 7`, `0 0 * * 5-7` and `0 0 * * 5,6,7`; the next three times after New Year's Eve 2025, a Wednesday, in UTC.
# Guess: three Sundays; then Friday, Saturday and Sunday, twice.
# Seen: the first and the third are right. For the range the Sunday is missing: 2, 3 and 9 January, so the third time is the next Friday. 7 is Sunday when it
# stands alone or in a list, and nothing when it ends a range. parse() takes all three without an objection.
# Expected: cron(5) of Debian and of the BSDs: 0 and 7 are both Sunday, and 5-7 is the way to write a range with it, since 5-0 is none. What a parser takes
# for a day in one place it takes for the same day in another.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts @datasert/cronjs-matcher@1.4.0 cron-parser@5.4.0 >/dev/null 2>&1
cat > next.mjs <<'JS'
import matcher from '@datasert/cronjs-matcher';
import parser from 'cron-parser';
const startAt = '2025-12-31T12:00:00Z';
for (const expression of ['0 0 * * 7', '0 0 * * 5-7', '0 0 * * 5,6,7']) {
  const times = matcher.getFutureMatches(expression, { startAt, matchCount: 3, timezone: 'UTC' });
  const witness = (parser.CronExpressionParser ?? parser.default).parse(expression, { currentDate: new Date(startAt), tz: 'UTC' });
  console.log(expression, 'cronjs', ...times.map((time) => time.slice(5, 10)), 'cron-parser', ...witness.take(3).map((date) => date.toISOString().slice(5, 10)));
}
JS
TZ=UTC node next.mjs | tee seen
cat > expected <<'TEXT'
0 0 * * 7 cronjs 01-04 01-11 01-18 cron-parser 01-04 01-11 01-18
0 0 * * 5-7 cronjs 01-02 01-03 01-09 cron-parser 01-02 01-03 01-04
0 0 * * 5,6,7 cronjs 01-02 01-03 01-04 cron-parser 01-02 01-03 01-04
TEXT
cmp -s expected seen || { echo "one of the two gives other days now"; exit 1; }
