#!/usr/bin/env bash
# odata-filter-builder 1.0.0 (npm), Node.js 18 or newer.
#
# Input: ODataFilterBuilder.and() with `owner eq 'ada'` and in('state', [...]), the list with two states, with one, and with none: what a person ticked.
# Guess: for the empty list a condition that no row meets (false, or `1 eq 0`), or an error.
# Seen: for the empty list the condition is not there: `owner eq 'ada'`, so nothing ticked shows everything. in() alone is an empty text, which as a $filter
# of a delete or of a list of permissions means all of them. notIn() with the empty list is the same text, so a list and its opposite give the same rows.
# Expected: OData 4.01, 5.1.1.1.12: in is true if the left side is equal to a member of the list, so of an empty list it is never; SQL builders write a
# false condition or refuse. "No condition" is the answer of notIn() alone.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts odata-filter-builder@1.0.0 >/dev/null 2>&1
cat > build.js <<'JS'
const builder = require('odata-filter-builder').ODataFilterBuilder;
for (const states of [['open', 'paid'], ['open'], []]) {
  console.log(`in ${states.length}:`, builder.and().eq('owner', 'ada').in('state', states).toString());
  console.log(`not in ${states.length}:`, builder.and().eq('owner', 'ada').notIn('state', states).toString());
}
console.log(`alone: "${builder.and().in('state', []).toString()}"`);
JS
node build.js | tee seen
cat > expected <<'TEXT'
in 2: (owner eq 'ada') and (state eq 'open' or state eq 'paid')
not in 2: (owner eq 'ada') and (not (state eq 'open' or state eq 'paid'))
in 1: (owner eq 'ada') and (state eq 'open')
not in 1: (owner eq 'ada') and (not (state eq 'open'))
in 0: owner eq 'ada'
not in 0: owner eq 'ada'
alone: ""
TEXT
cmp -s expected seen || { echo "odata-filter-builder writes something else now"; exit 1; }
