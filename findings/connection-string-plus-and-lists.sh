#!/usr/bin/env bash
# connection-string 5.0.0 (npm), Node.js 20 or newer.
#
# Input: `postgres://web:p+q@db.example/orders?read&tag=a&tag=b`, parsed and written again.
# Guess: the password p+q, and the text that came in.
# Seen: the password is `p q`, and is written as `p%20q`: a login that fails. The option without a value is gone, and the two tags have become one,
# `tag=a,b`.
# Expected: RFC 3986, 2.2 and 3.2.1: a plus sign stands for itself in the user information; a blank for a plus is a rule of HTML forms, for their fields
# alone. A text that was parsed and written again means what it meant.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts connection-string@5.0.0 >/dev/null 2>&1
cat > read.js <<'JS'
const { ConnectionString } = require('connection-string');
const read = new ConnectionString('postgres://web:p+q@db.example/orders?read&tag=a&tag=b');
console.log(JSON.stringify(read.password), JSON.stringify(read.params));
console.log(read.toString());
JS
node read.js | tee seen
cat > expected <<'TEXT'
"p q" {"tag":["a","b"]}
postgres://web:p%20q@db.example/orders?tag=a,b
TEXT
cmp -s expected seen || { echo "the string is read otherwise now"; exit 1; }
