#!/usr/bin/env bash
# @musement/iso-duration 1.0.0 (npm), with duration-fns 3.0.2 (npm) as a witness. Node.js 18 or newer.
#
# Input: `PT1,5S`, `PT1M30,25S` and `PT1.5S`, and the two texts `P` and `PT`, which hold no number.
# Guess: 1.5, 1 minute and 30.25, 1.5, and errors for the last two.
# Seen: with the comma the number before it counts and the rest is lost: 1 and 30 seconds, and `PT0,5S` is nothing at all. P and PT are durations of zero.
# What is garbage otherwise is refused.
# Expected: ISO 8601-1, 5.5.2 and 3.2.6: a fraction is separated by a comma or a full stop, and the comma is the preferred one; at least one number and its
# designator are present. A form that is not supported is an error, not another length.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts @musement/iso-duration@1.0.0 duration-fns@3.0.2 >/dev/null 2>&1
cat > parse.js <<'JS'
const { isoDuration } = require('@musement/iso-duration');
const witness = require('duration-fns');
const seconds = read => { try { const { minutes, seconds } = read(); return 60 * minutes + seconds; } catch { return 'error'; } };
const witnessed = text => { try { return witness.toMilliseconds(text) / 1000; } catch { return 'error'; } };
for (const text of ['PT1.5S', 'PT1,5S', 'PT0,5S', 'PT1M30,25S', 'P', 'PT', 'PT5']) {
  console.log(text, seconds(() => isoDuration(text).parse()), witnessed(text));
}
JS
node parse.js | tee seen
cat > expected <<'TEXT'
PT1.5S 1.5 1.5
PT1,5S 1 1.5
PT0,5S 0 0.5
PT1M30,25S 90 90.25
P 0 error
PT 0 error
PT5 error error
TEXT
cmp -s expected seen || { echo "the durations are read in another way now"; exit 1; }
