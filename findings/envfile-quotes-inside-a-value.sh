#!/usr/bin/env bash
# envfile 7.1.0 (npm), with dotenv 17.2.3 (npm) as a witness. Node.js 20 or newer.
#
# Input: values without quotes around them, read and written again: `GREETING=it's open`, `SCALE={"min": 1}`, and from a program the value " two blanks "
# with its blanks at the ends, a value of two lines and null.
# Guess: the values as they stand, and what is written is read again as the same.
# Seen: the quotes inside of a value are gone: `its open` and `{min: 1}`, which is no JSON. stringify() writes no quotes ever: the blanks at the ends are lost,
# the second line becomes a line of its own, which no reader takes, and null is the text "null". dotenv reads the first two as they stand.
# Expected: quotes are a value's delimiters where they stand around it, and letters elsewhere: so dotenv, Compose's env_file and the shell's rule for a
# quote that has no partner (an error, never a silent loss). The README promises to parse and stringify, so that a file can be changed and kept.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts envfile@7.1.0 dotenv@17.2.3 >/dev/null 2>&1
cat > read.mjs <<'JS'
import { parse, stringify } from 'envfile';
import dotenv from 'dotenv';
for (const line of ["GREETING=it's open", 'SCALE={"min": 1}']) {
  console.log('envfile:', Object.values(parse(line))[0], '| dotenv:', Object.values(dotenv.parse(line))[0]);
}
for (const value of [' two blanks ', 'first\nsecond', null]) console.log(JSON.stringify(value), '->', JSON.stringify(parse(stringify({ A: value })).A));
JS
node read.mjs | tee seen
cat > expected <<'TEXT'
envfile: its open | dotenv: it's open
envfile: {min: 1} | dotenv: {"min": 1}
" two blanks " -> "two blanks"
"first\nsecond" -> "first"
null -> "null"
TEXT
cmp -s expected seen || { echo "one of the two reads something else now"; exit 1; }
