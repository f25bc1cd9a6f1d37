#!/usr/bin/env bash
# humanize-bytes 1.0.1 (npm), with xbytes 1.9.1 (npm) as a witness. Node.js 18 or newer.
#
# Input: `1GB`, `1GiB`, `512MiB`, `1G` and `0.5G`, as limits of an upload or a cache in a configuration.
# Guess: 1073741824 or ten to the nine; then as many bytes again; or undefined for what it does not know.
# Seen: 1073741824, and then 1, 512, 1 and 0: the number in front of a unit that it does not know is taken as bytes. A limit of a gibibyte is one byte, and of
# half a gigabyte none at all. Nothing is said.
# Expected: IEC 80000-13 has KiB, MiB and GiB for exactly the powers of 1024 that the package counts with. xbytes reads both of these, and gives undefined for 1G.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts humanize-bytes@1.0.1 xbytes@1.9.1 >/dev/null 2>&1
cat > read.js <<'JS'
const bytes = require('humanize-bytes'), witness = require('xbytes');
for (const size of ['1GB', '1GiB', '512MiB', '1G', '0.5G']) console.log(size, bytes(size), witness.parseSize(size));
JS
node read.js | tee seen
cat > expected <<'TEXT'
1GB 1073741824 1000000000
1GiB 1 1073741824
512MiB 512 536870912
1G 1 undefined
0.5G 0 undefined
TEXT
cmp -s expected seen || { echo "one of the two reads something else now"; exit 1; }
