#!/usr/bin/env bash
# pathspec 1.1.1 (PyPI), with git as a witness. Python 3.11 or newer.
#
# Input: three .gitignore files: `report-[[:digit:]].txt`; `logs/**/`; and two lines, `venv\`, as a person writes it who is used to Windows, and `*.pyc`.
# Guess: report-1.txt is ignored, logs/today.txt is not, a.pyc is.
# Seen: the opposite for the first two, with a warning of Python's re about a nested set: a class of POSIX is taken as the set of its letters, and the last slash
# does not say "folders only" behind two stars. GitIgnoreSpec.from_lines() raises GitIgnorePatternError for the third, so all its rules are lost with one.
# Expected: gitignore(5): fnmatch(3)'s ranges, of which [:digit:] is one; a pattern that ends with a slash holds for folders; a backslash at the end is an invalid
# pattern that never matches, as git has it. The class is meant to behave as git does, its description says.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check pathspec==1.1.1 2>/dev/null
git init -q .
mkdir logs
touch report-1.txt report-d.txt logs/today.txt a.pyc
cat > ask.py <<'PY'
import subprocess
import warnings

import pathspec

warnings.simplefilter("ignore")
for text, path in (
    ("report-[[:digit:]].txt\n", "report-1.txt"),
    ("report-[0-9].txt\n", "report-1.txt"),
    ("logs/**/\n", "logs/today.txt"),
    ("venv\\\n*.pyc\n", "a.pyc"),
):
    open(".gitignore", "w").write(text)
    try:
        answer = pathspec.GitIgnoreSpec.from_lines(text.splitlines()).match_file(path)
    except ValueError as error:
        answer = type(error).__name__
    print(repr(text), path, "|", answer, subprocess.run(["git", "check-ignore", "-q", path]).returncode == 0)
PY
v/bin/python ask.py | tee seen
cat > expected <<'TEXT'
'report-[[:digit:]].txt\n' report-1.txt | False True
'report-[0-9].txt\n' report-1.txt | True True
'logs/**/\n' logs/today.txt | True False
'venv\\\n*.pyc\n' a.pyc | GitIgnorePatternError True
TEXT
cmp -s expected seen || { echo "one of the two answers something else now"; exit 1; }
