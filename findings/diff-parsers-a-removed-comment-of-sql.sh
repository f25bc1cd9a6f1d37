#!/usr/bin/env bash
# diffparser 2.0.1 and git-diff-parser 1.0.0 (npm), with gitdiff-parser 0.3.1 (npm) as a witness. Node.js 18 or newer, git.
#
# Input: what `git diff` prints for a file schema.sql from which one comment, `-- old index`, was taken out: the line is `--- old index` there.
# Guess: one file, schema.sql, with one line removed.
# Seen: diffparser finds two files, the second one called "old index", and no removed line. git-diff-parser finds one file and no removed line: the line
# vanishes, and the numbers of the old side's lines are wrong from there on. What is shown or counted of the change is wrong.
# Expected: a hunk's header says how many lines follow, `@@ -1,3 +1,2 @@`; within them a first minus sign is a removal whatever follows. GNU's diffutils
# manual, "Detailed Unified". Comments of SQL, Lua, Haskell and Ada begin with two minus signs.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts diffparser@2.0.1 git-diff-parser@1.0.0 gitdiff-parser@0.3.1 >/dev/null 2>&1
printf 'create table orders;\n-- old index\ncreate index by_day;\n' > schema.sql
git init -q repository
mv schema.sql repository
git -C repository add schema.sql
sed -i '2d' repository/schema.sql
git -C repository diff > change.diff
cat > read.js <<'JS'
const change = require('fs').readFileSync('change.diff', 'utf8');
const first = require('diffparser');
console.log('diffparser', ...first(change).map(file => `${file.from}: -${file.deletions}`));
const second = require('git-diff-parser');
for (const file of (second.default ?? second)(change).commits[0].files) console.log('git-diff-parser', file.name, file.lines.map(line => `${line.type} ${line.ln1}`).join(', '));
const witness = require('gitdiff-parser');
for (const file of (witness.default ?? witness).parse(change)) console.log('gitdiff-parser', file.newPath, file.hunks[0].changes.map(line => line.type).join(', '));
JS
node read.js | tee seen
cat > expected <<'TEXT'
diffparser schema.sql: -0 old index: -0
git-diff-parser schema.sql normal 1, normal 2, normal 3
gitdiff-parser schema.sql normal, delete, normal
TEXT
cmp -s expected seen || { echo "one of the three reads something else now"; exit 1; }
