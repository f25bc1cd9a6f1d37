#!/usr/bin/env bash
# @security-alert/sarif-to-markdown 1.11.1 (npm), Node.js 18 or newer.
#
# Input: a SARIF log with three results of one rule, level warning (the rule's own is error), whose texts differ: "x is unused", "y is unused", and
# "z is unused", the last one suppressed.
# Guess: three warnings, each line number below its own text.
# Seen: three errors, all below "x is unused", the suppressed one in its own section too. y and z are nowhere in the report, and the numbers of their lines
# are given for x.
# Expected: SARIF 2.1.0, 3.27.10: the result's own level counts, the rule's where it has none; 3.27.11: the message describes the result. The package
# converts a log to the text of an issue or a comment; results that are put together have the same text.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts @security-alert/sarif-to-markdown@1.11.1 >/dev/null 2>&1
cat > report.js <<'JS'
const { sarifToMarkdown } = require('@security-alert/sarif-to-markdown');
const result = (text, startLine, more = {}) => ({ ruleId: 'R1', level: 'warning', message: { text }, ...more,
  locations: [{ physicalLocation: { artifactLocation: { uri: 'app.py' }, region: { startLine } } }] });
const results = [result('x is unused', 3), result('y is unused', 5), result('z is unused', 7, { suppressions: [{ kind: 'inSource' }] })];
const rule = { id: 'R1', defaultConfiguration: { level: 'error' }, shortDescription: { text: 'Unused' } };
const log = { version: '2.1.0', runs: [{ tool: { driver: { name: 'lint', rules: [rule] } }, results }] };
const [{ body }] = sarifToMarkdown({ owner: 'team', repo: 'api', branch: 'main', sourceRoot: '', title: 'Report' })(log);
for (const line of body.split('\n')) if (/unused|#L\d/.test(line)) console.log(line.trim().replace(/^- https.*\//, ''));
JS
node report.js | tee seen
cat > expected <<'TEXT'
- **[ERROR]** **[R1]**  `x is unused`
app.py#L3
app.py#L5
- **[ERROR]** **[R1]**  `x is unused`
app.py#L7
TEXT
cmp -s expected seen || { echo "the texts are put together in another way now"; exit 1; }
