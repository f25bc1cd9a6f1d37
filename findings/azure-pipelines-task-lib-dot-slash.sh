#!/usr/bin/env bash
# azure-pipelines-task-lib 5.281.0 (npm; what the tasks of Azure Pipelines are made with), Node.js 20 or newer.
#
# Input: a folder with app.py and test_app.py, and findMatch() with `*.py` and an exclusion, `!test_app.py` or `!./test_app.py`; then `app.py` and
# `./app.py` together.
# Guess: app.py alone, each time.
# Seen: the exclusion with ./ excludes nothing: both files are found. Of the last two patterns come two paths, app.py and ./app.py, so a task that copies
# or uploads what is found takes the file twice. `sub/../test_app.py` is the same.
# Expected: a path in which . and .. are resolved is the same path; a relative pattern is rooted below the folder, says the documentation of findMatch(), and
# node's path.resolve() and path.join() give one path for the two spellings. File patterns of Azure Pipelines begin with ./ in many a file.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts azure-pipelines-task-lib@5.281.0 >/dev/null 2>&1
mkdir work
touch work/app.py work/test_app.py
cat > match.js <<'JS'
const task = require('azure-pipelines-task-lib/task');
const root = require('path').resolve('work');
for (const patterns of [['*.py', '!test_app.py'], ['*.py', '!./test_app.py'], ['*.py', '!sub/../test_app.py'], ['app.py', './app.py']]) {
  console.log(patterns.join(' '), '->', ...task.findMatch(root, patterns).map(path => path.slice(root.length + 1)).sort());
}
JS
node match.js | grep -v '^##vso' | tee seen
cat > expected <<'TEXT'
*.py !test_app.py -> app.py
*.py !./test_app.py -> app.py test_app.py
*.py !sub/../test_app.py -> app.py test_app.py
app.py ./app.py -> ./app.py app.py
TEXT
cmp -s expected seen || { echo "the patterns find other files now"; exit 1; }
