#!/usr/bin/env bash
# traceparent 1.0.0 (npm), Node.js 20 or newer.
#
# Input: TraceParent.fromString() for a header with a trace id of zeros, one with a parent id of zeros, one of version ff, and one of a later version cc
# with a field more.
# Guess: three refusals, and the last one read as far as it is known, then sent on as version 00.
# Seen: all four are taken, and toString() gives each of them back; the last one without its last field but still as version cc. So a trace with the id
# of nobody goes on to the next service.
# Expected: W3C Trace Context, 3.2.2: an id of zeros is invalid and version ff is forbidden, and the whole header must then be ignored; 4.3: who does
# not know a version sends its own. The README calls the package an implementation of that header.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts traceparent@1.0.0 >/dev/null 2>&1
cat > read.js <<'JS'
const TraceParent = require('traceparent');
const trace = '0af7651916cd43dd8448eb211c80319c', parent = 'b7ad6b7169203331';
for (const text of [`00-${'0'.repeat(32)}-${parent}-01`, `00-${trace}-${'0'.repeat(16)}-01`, `ff-${trace}-${parent}-01`, `cc-${trace}-${parent}-01-more`]) {
  console.log(TraceParent.fromString(text).toString());
}
JS
node read.js | tee seen
cat > expected <<'TEXT'
00-00000000000000000000000000000000-b7ad6b7169203331-01
00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01
ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01
cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01
TEXT
cmp -s expected seen || { echo "the headers are taken otherwise now"; exit 1; }
