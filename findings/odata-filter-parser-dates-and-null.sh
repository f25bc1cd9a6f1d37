#!/usr/bin/env bash
# odata-filter-parser 0.6.5 (npm), Node.js 20 or newer.
#
# Input: five filters, read with Parser.parse() and written again with serialize(): `created gt 2026-01-01T00:00:00Z`, `endTime eq null`,
# `share eq -1.5e3`, `properties/state eq 'Running'` and `cores mul 2 gt 8`.
# Guess: the same five, perhaps with parentheses; or an error for what the library does not know.
# Seen: `created gt 2026`, `endTime eq NaN`, `share eq 0`, `state eq 'Running'` and `2 gt 8`. Each is a filter that a server takes and answers, with other
# rows; nothing is thrown. The last one is a comparison of two numbers, which is never true.
# Expected: OData 4.0 URL Conventions, 5.1.1: a dateTimeOffsetValue stands without quotes, null is a literal, a number may have an exponent, a path reaches
# into a property, mul is arithmetic. The README says that a subset of the functions of versions 2 to 4 is known; what is not known is refused.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts odata-filter-parser@0.6.5 >/dev/null 2>&1
cat > read.js <<'JS'
const { Parser } = require('odata-filter-parser');
for (const filter of ['created gt 2026-01-01T00:00:00Z', 'endTime eq null', 'share eq -1.5e3', "properties/state eq 'Running'", 'cores mul 2 gt 8']) {
  let again;
  try { again = Parser.parse(filter).serialize(); } catch (error) { again = 'refused'; }
  console.log(filter, '->', again);
}
JS
node read.js | tee seen
cat > expected <<'TEXT'
created gt 2026-01-01T00:00:00Z -> (created gt 2026)
endTime eq null -> (endTime eq NaN)
share eq -1.5e3 -> (share eq 0)
properties/state eq 'Running' -> (state eq 'Running')
cores mul 2 gt 8 -> (2 gt 8)
TEXT
cmp -s expected seen || { echo "odata-filter-parser reads something else now"; exit 1; }
