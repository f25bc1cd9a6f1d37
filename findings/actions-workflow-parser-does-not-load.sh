#!/usr/bin/env bash
# @actions/workflow-parser 0.3.61 (npm), Node.js 20 or newer.
#
# Input: `import('@actions/workflow-parser')` in Node.js, after an installation from npm.
# Guess: parseWorkflow, as its README shows it.
# Seen: TypeError ERR_IMPORT_ASSERTION_TYPE_MISSING (in Node.js 22 and later ERR_IMPORT_ATTRIBUTE_MISSING): the package's own file imports its schema, a
# JSON file, without saying that it is one. Only a bundler can use what is published.
# Expected: Node.js, "ECMAScript modules", JSON modules: the import of a JSON file needs `with { type: 'json' }`. The package says `"type": "module"`
# and asks for a version of Node.js, so Node.js is among those who load it.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts @actions/workflow-parser@0.3.61 >/dev/null 2>&1
cat > load.mjs <<'JS'
import('@actions/workflow-parser').then(() => console.log('loaded'), (error) => console.log(error.name, error.code.replace('ASSERTION_TYPE', 'ATTRIBUTE')));
JS
{
  grep -o '"type": "module"' node_modules/@actions/workflow-parser/package.json
  node load.mjs
} | tee seen
cat > expected <<'TEXT'
"type": "module"
TypeError ERR_IMPORT_ATTRIBUTE_MISSING
TEXT
cmp -s expected seen || { echo "the package is loaded now"; exit 1; }
