#!/usr/bin/env bash
# @tediousjs/connection-string 1.1.0 (npm), Node.js 20 or newer.
#
# Input: three connection strings of SQL Server: one with an empty password before the database, one with two semicolons in a row, and one with two
# semicolons and a blank between them.
# Guess: an empty password and the database orders; the server and the database orders, twice.
# Seen: the empty password becomes `;Database=orders` and the database is lost; of two semicolons the second belongs to the server's name,
# `db.example;Database=orders`; with a blank between them there is a key that is called `;database`. Nothing is raised.
# Expected: the rules of ADO.NET's connection strings, which the package says it follows: a value may be empty, and semicolons that nothing stands
# between are ignored. A string that a program joins from parts ends so easily, and a client then connects to a server of a name that nobody wrote, or
# to the default database.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts @tediousjs/connection-string@1.1.0 >/dev/null 2>&1
cat > read.js <<'JS'
const { parse } = require('@tediousjs/connection-string');
for (const text of ['Server=db.example;Password=;Database=orders', 'Server=db.example;;Database=orders', 'Server=db.example; ;Database=orders']) {
  console.log(JSON.stringify([...parse(text)]));
}
JS
node read.js | tee seen
cat > expected <<'TEXT'
[["server","db.example"],["password",";Database=orders"]]
[["server","db.example;Database=orders"]]
[["server","db.example"],[";database","orders"]]
TEXT
cmp -s expected seen || { echo "the strings are read otherwise now"; exit 1; }
