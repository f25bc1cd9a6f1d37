#!/usr/bin/env bash
# @odata/parser 0.2.14 (npm), Node.js 20 or newer.
#
# Input: the package's builder: param().top(0), param().top(5).skip(0), param().orderby('name'), filter().field('end').eq(null); and the text
# `/Jobs?$filter=state in ('a','b')` for the package's own parser.
# Guess: `$top=0`; `$top=5&$skip=0`, or without the skip; `$orderby=name`, `end eq null`, and a tree.
# Seen: the first is an empty text, so a request that asks for no rows (to count, to try a filter) brings all of them. The order is written
# `name desc`, backwards. The comparison is `end eq 'null'`, with a text of four letters, which the row without an end does not have. The parser,
# "based on the OData v4 ABNF grammar", refuses `in`, which is in that grammar.
# Expected: OData 4.01 URL Conventions: $top is a non-negative number of items, 0 included (5.1.5); without asc or desc the order is ascending (5.1.4);
# null is a literal of its own (5.1.1.14); `in` is a comparison operator (5.1.1.1.12).
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts @odata/parser@0.2.14 >/dev/null 2>&1
cat > build.js <<'JS'
const { param, filter, defaultParser } = require('@odata/parser');
console.log('top 0:', param().top(0).toString());
console.log('order:', param().orderby('name').toString());
console.log('null:', filter().field('end').eq(null).build());
for (const text of ["state eq 'a'", "state in ('a','b')"]) {
  try { defaultParser.odataUri(`/Jobs?$filter=${text}`); console.log(text, 'read'); } catch (error) { console.log(text, 'refused'); }
}
JS
node build.js | tee seen
cat > expected <<'TEXT'
top 0: 
order: $orderby=name desc
null: end eq 'null'
state eq 'a' read
state in ('a','b') refused
TEXT
cmp -s expected seen || { echo "@odata/parser builds something else now"; exit 1; }
