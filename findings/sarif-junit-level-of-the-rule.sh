#!/usr/bin/env bash
# sarif-junit 1.1.4 (npm), Node.js 18 or newer.
#
# Input: a SARIF log with four results: one without a level of a rule whose level is error, one without a level of a rule that has none either, one with
# `"level": "error"`, and one with that level that is suppressed.
# Guess: three failures and one that is skipped or left out.
# Seen: two failures: the one with the level, and the suppressed one. The results that leave their level to the rule are test cases that passed, so a linter
# whose log has none but those is all green.
# Expected: SARIF 2.1.0, 3.27.10: a result without a level has the one of its rule's configuration, and where that is absent it is a warning; the program
# makes a failure of warnings that say so. 3.27.23: a suppressed result is not one to act on.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts sarif-junit@1.1.4 >/dev/null 2>&1
cat > log.js <<'JS'
const result = (ruleId, text, more = {}) => ({ ruleId, message: { text }, ...more,
  locations: [{ physicalLocation: { artifactLocation: { uri: 'app.py' }, region: { startLine: 3 } } }] });
const rules = [{ id: 'R1', defaultConfiguration: { level: 'error' } }, { id: 'R2' }];
const results = [result('R1', 'level of the rule'), result('R2', 'no level'), result('R1', 'own level', { level: 'error' }),
  result('R1', 'suppressed', { level: 'error', suppressions: [{ kind: 'inSource', status: 'accepted' }] })];
console.log(JSON.stringify({ version: '2.1.0', runs: [{ tool: { driver: { name: 'lint', rules } }, results }] }));
JS
node log.js > log.sarif
node_modules/.bin/sarif-junit -i log.sarif -o log.xml > /dev/null
tr -d '\n' < log.xml | grep -oE '<testcase[^>]*/?>( *<failure)?' |
  sed -E 's/.* name="([^"]*)".*<failure$/\1: failed/; s/.* name="([^"]*)".*/\1: passed/' | tee seen
cat > expected <<'TEXT'
level of the rule: passed
no level: passed
Ln 3 own level: failed
Ln 3 suppressed: failed
TEXT
cmp -s expected seen || { echo "other results are failures now"; exit 1; }
