#!/usr/bin/env bash
# connection-string-parser 1.0.4 (npm), Node.js 20 or newer.
#
# Input: `postgres://[::1]:5432/orders`, `postgres://web:@db.example/orders` with an empty password, and `postgres://db.example/team/orders`, each
# parsed and written again.
# Guess: the three texts as they came in.
# Seen: the address becomes a host that is called `[` with no port, and is written as `postgres://%5B/orders`: no error, and another host. The empty
# password and the second slash end in TypeError: Cannot read properties of undefined (reading 'map').
# Expected: RFC 3986, 3.2: an IP literal stands in brackets and holds colons, a password after the colon may be empty, and a path has as many segments
# as it likes. What cannot be read should be refused by name, not returned as another host.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts connection-string-parser@1.0.4 >/dev/null 2>&1
cat > read.js <<'JS'
const { ConnectionStringParser } = require('connection-string-parser');
const parser = new ConnectionStringParser({ scheme: 'postgres', hosts: [] });
for (const text of ['postgres://[::1]:5432/orders', 'postgres://web:@db.example/orders', 'postgres://db.example/team/orders']) {
  try {
    const read = parser.parse(text);
    console.log(JSON.stringify(read.hosts), parser.format(read));
  } catch (error) {
    console.log(error.name);
  }
}
JS
node read.js | tee seen
cat > expected <<'TEXT'
[{"host":"[","port":null}] postgres://%5B/orders
TypeError
TypeError
TEXT
cmp -s expected seen || { echo "the strings are read otherwise now"; exit 1; }
