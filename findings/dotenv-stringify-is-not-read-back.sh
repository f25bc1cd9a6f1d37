#!/usr/bin/env bash
# dotenv-stringify 3.0.1 and dotenv 17.2.3 (npm), Node.js 18 or newer.
#
# Input: five values, written with dotenv-stringify and read again with dotenv.parse(): `say "hi"`, `"all of it"`, `it's "x"`, a value in backticks and
# one with a line end.
# Guess: the same five.
# Seen: the first comes back as `say \"hi\"`, with the backslashes; of the second the quotes are gone, of the fourth the backticks. Only the value with the line
# end is right. A JSON text with a blank and a quote, or a password that begins and ends with a quote, is another one after the next start.
# Expected: the README: objects are written so that dotenv's parser reads them, per its specification. That specification ("What rules does the parsing
# engine follow?"): in double quotes \n is expanded and nothing else is unescaped; single quotes and backticks are delimiters too, so a value with one kind of
# quote is put into another kind.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts dotenv-stringify@3.0.1 dotenv@17.2.3 >/dev/null 2>&1
cat > again.js <<'JS'
const stringify = require('dotenv-stringify'), dotenv = require('dotenv');
for (const value of ['say "hi"', '"all of it"', 'it\'s "x"', '`x`', 'first\nsecond']) {
  console.log(JSON.stringify(value), JSON.stringify(dotenv.parse(stringify({ A: value })).A));
}
JS
node again.js | tee seen
cat > expected <<'TEXT'
"say \"hi\"" "say \\\"hi\\\""
"\"all of it\"" "all of it"
"it's \"x\"" "it's \\\"x\\\""
"`x`" "x"
"first\nsecond" "first\nsecond"
TEXT
cmp -s expected seen || { echo "one of the two does something else now"; exit 1; }
