#!/usr/bin/env bash
# gitignorant 0.4.0 (PyPI), with git as a witness. Python 3.11 or newer.
#
# Input: a .gitignore of one line, `logs/[!1].txt`, which is all but 1.txt; and one of `\#notes`, a file whose name begins with a number sign.
# Guess: 2.txt is ignored and 1.txt is not; #notes is.
# Seen: the opposite for the class: 1.txt is ignored and 2.txt is not, with ! and with ^. #notes is not ignored. A folder that is packed or sent by such
# a list holds what was to stay out, and lacks what was to go.
# Expected: gitignore(5): fnmatch's rules, in which [!a] is any character but a, and a backslash in front of the first # for patterns that begin with one.
# The package describes itself as a parser for such files.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check gitignorant==0.4.0 2>/dev/null
git init -q .
mkdir logs
touch logs/1.txt logs/2.txt '#notes'
cat > ask.py <<'PY'
import subprocess
import sys

import gitignorant

for line, path in (("logs/[!1].txt", "logs/1.txt"), ("logs/[!1].txt", "logs/2.txt"), ("logs/[^1].txt", "logs/2.txt"), ("\\#notes", "#notes"), ("*.txt", "logs/1.txt")):
    open(".gitignore", "w").write(line + "\n")
    answer = gitignorant.check_path_match(list(gitignorant.parse_gitignore_file([line])), path)
    witness = subprocess.run(["git", "check-ignore", "-q", path]).returncode == 0
    print(line, path, "|", answer, witness)
PY
v/bin/python ask.py | tee seen
cat > expected <<'TEXT'
logs/[!1].txt logs/1.txt | True False
logs/[!1].txt logs/2.txt | False True
logs/[^1].txt logs/2.txt | False True
\#notes #notes | False True
*.txt logs/1.txt | True True
TEXT
cmp -s expected seen || { echo "one of the two answers something else now"; exit 1; }
