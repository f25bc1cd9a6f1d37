#!/usr/bin/env bash
# odata-filter-parser 0.6.5 and @jsreport/odata-parser 1.0.1 (npm), with odata-filter-to-ast 4.0.0 (npm) as a witness. Node.js 20 or newer.
#
# Input: the OData filters `a eq 1 and b eq 2 or c eq 3` and `(a eq 1 or b eq 2) and c eq 3`.
# Guess: (a and b) or c, since `and` binds closer; (a or b) and c, since that is what the parentheses are for.
# Seen: both parsers make a and (b or c) of the first. odata-filter-parser makes a or (b and c) of the second: it takes the parentheses away and joins
# from the right, and serialize() writes that other filter out again. A row with a=1, b=2, c=0 is in one answer and not in the other; a filter
# "(mine or shared) and active" gives what is mine and is not active. The witness makes the guessed trees of both.
# Expected: OData 4.0 URL Conventions, 5.1.1.9 "Operator precedence": grouping first, `and` before `or`; the rules of OData 2 are the same. Azure's REST
# interfaces (Resource Manager's lists, the activity log, tables) filter by these rules.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts odata-filter-parser@0.6.5 @jsreport/odata-parser@1.0.1 odata-filter-to-ast@4.0.0 >/dev/null 2>&1
cat > read.js <<'JS'
const { Parser } = require('odata-filter-parser');
const jsreport = require('@jsreport/odata-parser');
const { parseFilter } = require('odata-filter-to-ast');
const NAMES = { and: 'and', or: 'or', AndExpr: 'and', OrExpr: 'or' };

/** The tree as an expression with all its parentheses; a comparison is told by its column. */
function grouped(node, left, right, kind) {
  const word = NAMES[node[kind]];
  if (!word) return typeof node[left] === 'object' ? (node[left].name ?? node[left].value) : node[left];
  return `(${grouped(node[left], left, right, kind)} ${word} ${grouped(node[right], left, right, kind)})`;
}

for (const filter of ['a eq 1 and b eq 2 or c eq 3', '(a eq 1 or b eq 2) and c eq 3']) {
  console.log('odata-filter-parser', grouped(Parser.parse(filter), 'subject', 'value', 'operator'));
  console.log('@jsreport/odata-parser', grouped(jsreport.parse('$filter=' + filter).$filter, 'left', 'right', 'type'));
  console.log('odata-filter-to-ast', grouped(parseFilter(filter), 'left', 'right', 'type'));
}
console.log(Parser.parse('(a eq 1 or b eq 2) and c eq 3').serialize());
JS
node read.js | tee seen
cat > expected <<'TEXT'
odata-filter-parser (a and (b or c))
@jsreport/odata-parser (a and (b or c))
odata-filter-to-ast ((a and b) or c)
odata-filter-parser (a or (b and c))
@jsreport/odata-parser ((a or b) and c)
odata-filter-to-ast ((a or b) and c)
((a eq 1) or ((b eq 2) and (c eq 3)))
TEXT
cmp -s expected seen || { echo "one of the parsers groups otherwise now"; exit 1; }
