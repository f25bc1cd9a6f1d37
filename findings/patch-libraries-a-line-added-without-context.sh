#!/usr/bin/env bash
# patch-ng 1.19.1 and paatch 1.20.3 (PyPI), with GNU patch and unipatch 1.0.1 (PyPI) as witnesses. Python 3.11 or newer, git.
#
# Input: a Dockerfile to which one line is added after its second one, as `git diff -U0` prints the change: `@@ -2,0 +3 @@`.
# Guess: the line stands third, or the change is refused because it has no context.
# Seen: apply() says True, and the line stands second: `RUN pip install` is now above the `COPY requirements.txt` that it needs. A change with the
# usual three lines of context is right.
# Expected: GNU's diffutils manual, "Detailed Unified": where a hunk has no lines of a file, its number is that of the line before; so "2,0" is behind
# line 2. GNU patch and unipatch put it there. patch 1.16, of which both are forks, says False and leaves the file alone.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
command -v patch git >/dev/null
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check patch-ng==1.19.1 paatch==1.20.3 unipatch==1.0.1 2>/dev/null
git init -q .
printf 'FROM python:3.12-slim\nCOPY requirements.txt .\nCOPY . .\n' > Dockerfile
cp Dockerfile before
git add Dockerfile
sed -i '2a RUN pip install -r requirements.txt' Dockerfile
git diff -U0 > change.diff
cat > apply.py <<'PY'
import logging
import pathlib
import shutil

import paatch
import patch_ng
import unipatch

logging.disable()
for library in (patch_ng, paatch):
    shutil.copy("before", "Dockerfile")
    told = library.fromfile("change.diff").apply()
    print(library.__name__, told, [line.split()[0] for line in pathlib.Path("Dockerfile").read_text().splitlines()])
text = unipatch.apply_patch(pathlib.Path("before").read_text(), pathlib.Path("change.diff").read_text())
print("unipatch", [line.split()[0] for line in text.splitlines()])
PY
{
  v/bin/python apply.py
  cp before Dockerfile
  patch --silent --strip 1 < change.diff
  echo "GNU patch $(cut -d' ' -f1 Dockerfile | xargs)"
} | tee seen
cat > expected <<'TEXT'
patch_ng True ['FROM', 'RUN', 'COPY', 'COPY']
paatch True ['FROM', 'RUN', 'COPY', 'COPY']
unipatch ['FROM', 'COPY', 'RUN', 'COPY']
GNU patch FROM COPY RUN COPY
TEXT
cmp -s expected seen || { echo "one of them puts the line elsewhere now"; exit 1; }
