#!/usr/bin/env bash
# dockerfile-utils 0.16.3 (npm), with dockerfile 3.4.0 (PyPI; BuildKit's own parser) as a witness. Node.js 18 and Python 3.11 or newer, amd64.
#
# Input: a LABEL and a RUN whose text in quotes goes on after a backslash at the end of the line; `format()` is asked for two blanks of indentation.
# Guess: the second lines are indented where that changes nothing, and left alone inside a word or quotes, as lines of a here-document are.
# Seen: blanks are put at the beginning of every continued line, so the label `one/two` becomes `one/  two`, the text that RUN writes changes in the
# same way, and an ENV of `A=one/\` and `two` is no instruction any more: "Syntax error - can't find = in "two"".
# Expected: Dockerfile reference, "Format" and "Escape": a backslash at the end of a line joins it with the next as it stands; leading white space
# is dropped before instructions and comments only, and is kept inside arguments. A formatter changes the looks and not the image.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check --only-binary :all: dockerfile==3.4.0 2>/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts dockerfile-utils@0.16.3 vscode-languageserver-textdocument@1.0.12 >/dev/null 2>&1
cat > format.js <<'JS'
const { format } = require('dockerfile-utils');
const { TextDocument } = require('vscode-languageserver-textdocument');
const text = require('fs').readFileSync(0, 'utf8');
process.stdout.write(TextDocument.applyEdits(TextDocument.create('file:///Dockerfile', 'dockerfile', 1, text), format(text, { tabSize: 2, insertSpaces: true })));
JS
cat > read.py <<'PY'
import subprocess
import dockerfile

for instruction in ('LABEL path="one/\\\ntwo"\n', 'RUN printf "one/\\\ntwo" > /srv/path\n', "ENV A=one/\\\ntwo\n"):
    text = "FROM scratch\n" + instruction
    for version in (text, subprocess.run(["node", "format.js"], input=text, capture_output=True, text=True, check=True).stdout):
        try:
            print(*dockerfile.parse_string(version)[-1].value)
        except dockerfile.GoParseError as error:
            print(error)
PY
v/bin/python read.py | tee seen
cat > expected <<'TEXT'
path "one/two"
path "one/  two"
printf "one/two" > /srv/path
printf "one/  two" > /srv/path
A one/two
Syntax error - can't find = in "two". Must be of the form: name=value
TEXT
cmp -s expected seen || { echo "dockerfile-utils formats otherwise now"; exit 1; }
