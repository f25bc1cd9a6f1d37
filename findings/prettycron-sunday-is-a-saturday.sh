#!/usr/bin/env bash
# prettycron 0.10.0 (npm), with cronstrue 3.39.0 (npm) as a witness. Node.js 18 or newer.
#
# Input: `0 9 * * 7`, `0 9 * * 5-7`, `0 22-2 * * *` and `0 9 * * 1#2`, described in words.
# Guess: Sunday; Friday to Sunday; every hour from ten in the evening to two; the second Monday of a month. Or an error for the last two.
# Seen: "09:00 on Sat", "09:00 on Fri and Sat", "undefined every day" and "09:00 on Mon". A person who reads the first two to check a schedule
# is told of another day, and who reads the last one of four or five times as many.
# Expected: crontab(5) of cronie and Debian: 0 and 7 are both Sunday. The package's one promise is a readable version of when a schedule will run.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts prettycron@0.10.0 cronstrue@3.39.0 >/dev/null 2>&1
cat > say.js <<'JS'
const pretty = require('prettycron');
const cronstrue = require('cronstrue');
for (const cron of ['0 9 * * 0', '0 9 * * 7', '0 9 * * 5-7', '0 22-2 * * *', '0 9 * * 1#2']) {
  console.log(cron, '|', pretty.toString(cron), '|', (cronstrue.default ?? cronstrue).toString(cron));
}
JS
node say.js | tee seen
cat > expected <<'TEXT'
0 9 * * 0 | 09:00 on Sun | At 09:00 AM, only on Sunday
0 9 * * 7 | 09:00 on Sat | At 09:00 AM, only on Sunday
0 9 * * 5-7 | 09:00 on Fri and Sat | At 09:00 AM, Friday through Sunday
0 22-2 * * * | undefined every day | Every hour, between 10:00 PM and 02:00 AM
0 9 * * 1#2 | 09:00 on Mon | At 09:00 AM, on the second Monday of the month
TEXT
cmp -s expected seen || { echo "one of the two says something else now"; exit 1; }
