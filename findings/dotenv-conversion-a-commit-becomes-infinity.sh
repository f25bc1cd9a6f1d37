#!/usr/bin/env bash
# dotenv-conversion 3.1.0 and dotenv-parse-variables 2.0.0 (npm), Node.js 20 or newer.
#
# Input: the variables COMMIT=12e4567 (the short id of a commit), BRANCH_ID=0123, BUILD=20240105000000000001 and VERSION=1.10, as a pipeline sets them.
# Guess: the texts, but for what is a number when written back.
# Seen: from both packages the commit is the number Infinity (null in JSON), the leading zero is gone, the build is another number, and the version is
# 1.1. One commit in a few dozen is spelt so that it becomes a number.
# Expected: a conversion that loses nothing: a text is a number when the number is written the same way, which is how YAML readers and shells came to
# leave such values alone. Both packages can be told to leave a name alone; nobody thinks of a commit there.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts dotenv-conversion@3.1.0 dotenv-parse-variables@2.0.0 >/dev/null 2>&1
cat > convert.js <<'JS'
const { convert } = require('dotenv-conversion');
const parse = require('dotenv-parse-variables');
const values = () => ({ COMMIT: '12e4567', BRANCH_ID: '0123', BUILD: '20240105000000000001', VERSION: '1.10' });
for (const result of [convert({ parsed: values() }).parsed, (parse.default ?? parse)(values())]) {
  console.log(Object.values(result).map((value) => `${typeof value} ${value}`).join(', '));
}
JS
node convert.js | tee seen
cat > expected <<'TEXT'
number Infinity, number 123, number 20240105000000000000, number 1.1
number Infinity, number 123, number 20240105000000000000, number 1.1
TEXT
cmp -s expected seen || { echo "the values are converted otherwise now"; exit 1; }
