#!/usr/bin/env bash
# date-duration 2.0.0 (npm), with duration-fns 3.0.2 (npm) as a witness. Node.js 18 or newer.
#
# Input: three ISO 8601 durations, `PT1M30.25S`, `-PT5M` and `PT0.5S`, added to noon of 1 January 2026.
# Guess: 12:01:30.250, 11:55:00 and 12:00:00.500, or an error for what is not supported.
# Seen: 12:01:00 and 12:05:00, and an error for the third. The expression stops at what it does not know, and before the P it does not look: of the first the
# seconds are lost, all thirty, and the second goes the other way.
# Expected: ISO 8601-1, 5.5.2: the smallest unit may have a decimal fraction; XML Schema, "duration": a minus sign may stand in front. A text that is read in
# part is an error, as the package makes one of the third. Azure's timeouts and time ranges are written in this form.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts date-duration@2.0.0 duration-fns@3.0.2 >/dev/null 2>&1
cat > add.js <<'JS'
const here = require('date-duration');
const witness = require('duration-fns');
const createDuration = here.default ?? here;
const noon = new Date('2026-01-01T12:00:00Z');
const clock = date => date.toISOString().slice(11);
for (const text of ['PT1M30.25S', '-PT5M', 'PT0.5S']) {
  let sum = 'error';
  try { sum = clock(createDuration(text).addTo(noon)); } catch {}
  console.log(text, sum, clock(witness.apply(noon, text)));
}
JS
node add.js | tee seen
cat > expected <<'TEXT'
PT1M30.25S 12:01:00.000Z 12:01:30.250Z
-PT5M 12:05:00.000Z 11:55:00.000Z
PT0.5S error 12:00:00.500Z
TEXT
cmp -s expected seen || { echo "the durations are read in another way now"; exit 1; }
