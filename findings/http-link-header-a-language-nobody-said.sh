#!/usr/bin/env bash
# http-link-header 1.1.4 (npm), Node.js 20 or newer.
#
# Input: `<https://api.example/orders?page=2>; rel="next"; title*=UTF-8''n%C3%A4chste`, parsed and written again.
# Guess: the text as it came in, but for its quotes.
# Seen: `title*=UTF-8'en'n%C3%A4chste`: a German title is said to be English, after it was read with an empty language.
# Expected: RFC 8187, 3.2: the language between the two apostrophes is optional, and an empty one says nothing. What a proxy reads and writes again it
# does not add to.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts http-link-header@1.1.4 >/dev/null 2>&1
cat > read.js <<'JS'
const link = require('http-link-header').parse("<https://api.example/orders?page=2>; rel=\"next\"; title*=UTF-8''n%C3%A4chste");
console.log(JSON.stringify(link.refs[0]['title*']));
console.log(link.toString());
JS
node read.js | tee seen
cat > expected <<'TEXT'
{"language":"","encoding":null,"value":"nächste"}
<https://api.example/orders?page=2>; rel=next; title*=UTF-8'en'n%C3%A4chste
TEXT
cmp -s expected seen || { echo "the link is written otherwise now"; exit 1; }
