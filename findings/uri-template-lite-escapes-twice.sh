#!/usr/bin/env bash
# uri-template-lite 23.4.0 (npm), with uri-template 2.0.0 (npm) as a witness. Node.js 20 or newer.
#
# Input: `{+next}` with next=`https://api.example/orders?after=a%20b`, and `{#next}` with `a%20b`.
# Guess: the address as it stands, and `#a%20b`.
# Seen: `https://api.example/orders?after=a%2520b`, and `#a%2520b`: the escaped blank is escaped again, so that the server reads the four characters
# `a%20b`. The witness leaves it alone.
# Expected: RFC 6570, 3.2.3 and 3.2.4: reserved and fragment expansion keep what is reserved, and triplets of a percent sign and two hexadecimal digits
# with it. That is what {+...} is for: a whole address, such as the link of a next page, goes into a template.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts uri-template-lite@23.4.0 uri-template@2.0.0 >/dev/null 2>&1
cat > expand.js <<'JS'
const lite = require('uri-template-lite');
const other = require('uri-template');
for (const [template, next] of [['{+next}', 'https://api.example/orders?after=a%20b'], ['{#next}', 'a%20b']]) {
  console.log(lite.expand(template, { next }), other.parse(template).expand({ next }));
}
JS
node expand.js | tee seen
cat > expected <<'TEXT'
https://api.example/orders?after=a%2520b https://api.example/orders?after=a%20b
#a%2520b #a%20b
TEXT
cmp -s expected seen || { echo "the templates are expanded otherwise now"; exit 1; }
