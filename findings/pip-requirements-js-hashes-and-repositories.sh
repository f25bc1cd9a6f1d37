#!/usr/bin/env bash
# pip-requirements-js 1.0.3 (npm), Node.js 20 or newer.
#
# Input: four lines of a requirements.txt: `flask>=3`, `--pre`, `flask==3.0.3 --hash=sha256:...` and
# `git+https://git.example/team/tool.git@main#egg=tool`, to the function that parses loosely.
# Guess: flask, nothing, flask, and nothing or tool: the loose one leaves out what it does not know.
# Seen: the third and the fourth raise RequirementsSyntaxError, "Failed to loosely parse requirements file". What pip-compile and `uv export` write,
# which is hashes on every line, cannot be read at all.
# Expected: pip's "Requirements File Format": --hash is an option of a requirement, and the address of a repository is a requirement. An option line
# that pip does not have is left out, so the loose mode is about more than names.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts pip-requirements-js@1.0.3 >/dev/null 2>&1
cat > read.js <<'JS'
const { parsePipRequirementsFileLoosely } = require('pip-requirements-js');
for (const line of ['flask>=3', '--pre', `flask==3.0.3 --hash=sha256:${'a'.repeat(64)}`, 'git+https://git.example/team/tool.git@main#egg=tool']) {
  try {
    console.log(parsePipRequirementsFileLoosely(line).map((requirement) => requirement.name).join() || 'nothing');
  } catch (error) {
    console.log(error.constructor.name);
  }
}
JS
node read.js | tee seen
cat > expected <<'TEXT'
flask
nothing
RequirementsSyntaxError
RequirementsSyntaxError
TEXT
cmp -s expected seen || { echo "the lines are read otherwise now"; exit 1; }
