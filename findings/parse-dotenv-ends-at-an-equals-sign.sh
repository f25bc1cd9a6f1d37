#!/usr/bin/env bash
# parse-dotenv 2.1.0 (npm), with dotenv 17.2.3 (npm) as a witness. Node.js 18 or newer.
#
# Input: a .env with a storage account's connection string, which has an equals sign in each of its parts, a key in base64 that ends with two of
# them, a value in double quotes, and a line that begins with `export`.
# Guess: the values whole, the quotes taken off, and the name without export or the line left out.
# Seen: of the connection string `DefaultEndpointsProtocol` is left, of the key what stands before the padding: a value ends at its first equals sign. The quotes
# are a part of the value, and the name is "export REGION". The program starts, since every name is there.
# Expected: what all readers of such files agree on, the shell, Compose's env_file and dotenv: the name ends at the first equals sign, and what follows is the value.
# Azure's documentation, "Configure connection strings", has the format of the first line.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts parse-dotenv@2.1.0 dotenv@17.2.3 >/dev/null 2>&1
cat > .env <<'ENV'
STORAGE=DefaultEndpointsProtocol=https;AccountName=shop;AccountKey=a2V5cw==
SESSION_KEY=c2Vzc2lvbg==
TITLE="two words"
export REGION=westeurope
ENV
cat > read.js <<'JS'
const parseDotenv = require('parse-dotenv'), dotenv = require('dotenv');
const read = (parseDotenv.default ?? parseDotenv)('.env'), witness = dotenv.parse(require('fs').readFileSync('.env'));
for (const [name, value] of Object.entries(read)) console.log(name, '|', value, '|', witness[name] === value ? 'the same' : witness[name]);
JS
node read.js | tee seen
cat > expected <<'TEXT'
STORAGE | DefaultEndpointsProtocol | DefaultEndpointsProtocol=https;AccountName=shop;AccountKey=a2V5cw==
SESSION_KEY | c2Vzc2lvbg | c2Vzc2lvbg==
TITLE | "two words" | two words
export REGION | westeurope | undefined
TEXT
cmp -s expected seen || { echo "one of the two reads something else now"; exit 1; }
