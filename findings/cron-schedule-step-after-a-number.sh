#!/usr/bin/env bash
# cron-schedule 6.0.0 (npm), with cron-parser 5.10.6 (npm) as a witness, Node.js 18 or newer.
#
# Input: `5/15 * * * *`, every fifteen minutes from the fifth on; the next four times after midnight.
# Guess: 0:05, 0:20, 0:35 and 0:50; or an error, as croner (npm) gives for a step after a single number.
# Seen: 0:05, 1:05, 2:05 and 3:05. The step is read and dropped, without a word: a job runs once an hour that was to run four times. Even
# `5/0`, which has no sense, is taken. cron-converter (PyPI) drops the step in the same way.
# Expected: GitHub's documentation of the schedule event has such a step among its examples (from minute 20 every 15 minutes), and the library that
# KEDA's cron scaler uses takes N/STEP for N-59/STEP. POSIX has no steps at all; what a library does not know it refuses.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts cron-schedule@6.0.0 cron-parser@5.10.6 >/dev/null 2>&1
cat > next.js <<'JS'
const { parseCronExpression } = require('cron-schedule');
const { CronExpressionParser } = require('cron-parser');
const start = new Date('2026-01-01T00:00:00Z');
const told = date => date.toISOString().slice(11, 16);
console.log('cron-schedule', ...parseCronExpression('5/15 * * * *').getNextDates(4, start).map(told));
console.log('cron-parser', ...CronExpressionParser.parse('5/15 * * * *', { currentDate: start, tz: 'UTC' }).take(4).map(date => told(date.toDate())));
try { parseCronExpression('5/0 * * * *'); console.log('5/0 taken'); } catch { console.log('5/0 refused'); }
JS
TZ=UTC node next.js | tee seen
printf 'cron-schedule 00:05 01:05 02:05 03:05\ncron-parser 00:05 00:20 00:35 00:50\n5/0 taken\n' | cmp -s - seen || { echo "one of the two gives other times now"; exit 1; }
