#!/usr/bin/env bash
# mssql-connection-string 0.3.2 (npm), Node.js 20 or newer.
#
# Input: one connection string of SQL Server, written as its README has it; with `Server` and `Database` for the first two keys; without the semicolon
# at its end; and with a password that ends in an equals sign.
# Guess: the same configuration four times, but for the password.
# Seen: the first is read. `Server` and `Database`, which the portal and the documents write, end in "Database not found"; without the last semicolon,
# and with the equals sign in the value, it is a syntax error.
# Expected: Microsoft's "SqlConnection.ConnectionString": Server and Database are the synonyms of Data Source and Initial Catalog, the last semicolon is
# optional, and a value may hold an equals sign.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts mssql-connection-string@0.3.2 >/dev/null 2>&1
cat > read.js <<'JS'
const parse = require('mssql-connection-string');
const first = 'Data Source=db.example,1433;Initial Catalog=orders;User ID=web;Password=abc;';
const texts = [first, first.replace('Data Source', 'Server').replace('Initial Catalog', 'Database'), first.slice(0, -1), first.replace('abc', 'abc=')];
for (const text of texts) {
  try {
    console.log(parse(text).database);
  } catch (error) {
    console.log(error.name, error.message.split(' ').slice(0, 3).join(' '));
  }
}
JS
node read.js | tee seen
cat > expected <<'TEXT'
orders
Error Database not found
SyntaxError Expected ";", [
SyntaxError Expected ";", [
TEXT
cmp -s expected seen || { echo "the strings are read otherwise now"; exit 1; }
