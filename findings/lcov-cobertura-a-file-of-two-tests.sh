#!/usr/bin/env bash
# lcov_cobertura 2.1.1 (PyPI), Python 3.11 or newer.
#
# Input: an lcov trace with two records for `src/app.py`, as two tests or two `lcov --add-tracefile` parts leave them: one with the lines 1 to 3 of
# which 2 was not run, one in which 2 was run.
# Guess: one class with three lines, all of them run.
# Seen: the class has the two lines of the last record, a rate of 1.0, and line 3 is gone; the whole report says 4 of 5 lines, of which its classes list
# two.
# Expected: geninfo's manual: a trace holds a record for each source file and test, and what reads it adds the counts of one line up. A report's totals
# are the sums of what it lists; Azure Pipelines and GitLab show the totals and colour the lines.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check lcov_cobertura==2.1.1 2>/dev/null
printf '%s\n' TN:first SF:src/app.py DA:1,1 DA:2,0 DA:3,1 LF:3 LH:2 end_of_record TN:second SF:src/app.py DA:1,1 DA:2,1 LF:2 LH:2 end_of_record > trace.info
v/bin/lcov_cobertura trace.info -o report.xml
grep -oE '(lines-covered|lines-valid)="[0-9]+"|<line [^>]*>|<class [^>]*line-rate="[^"]*"' report.xml | tee seen
cat > expected <<'TEXT'
lines-covered="4"
lines-valid="5"
<class branch-rate="0.0" complexity="0" filename="src/app.py" line-rate="1.0"
<line branch="false" hits="1" number="1"/>
<line branch="false" hits="1" number="2"/>
TEXT
cmp -s expected seen || { echo "the report is another one now"; exit 1; }
