#!/usr/bin/env bash
# sarif-tools 3.0.5 (PyPI), Python 3.11 or newer.
#
# Input: two SARIF logs with one result each, of a rule whose level is error: one that is suppressed in the source, accepted and with a reason; and one whose
# text is `"id": "default"` with the arguments x and main, where the rule has "Variable {0} is unused in {1}". `sarif --check error` and `sarif csv`.
# Guess: exit status 0; "Variable x is unused in main".
# Seen: exit status 1: the suppressed one is an error like any other, so a build fails for what was decided to be none. The text of the other one is the
# word `default`.
# Expected: SARIF 2.1.0, 3.27.23 and 3.35: an accepted suppression means that the result is suppressed; 3.11.6 and 3.11.7: a text is looked up in the rule by
# its id, and the arguments are put in. The program's filters know suppressions, as a property that one has to ask for.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check sarif-tools==3.0.5 2>/dev/null
cat > log.py <<'PY'
import json, sys

place = [{"physicalLocation": {"artifactLocation": {"uri": "app.py"}, "region": {"startLine": 3}}}]
results = {
    "suppressed": {"message": {"text": "unused"}, "suppressions": [{"kind": "inSource", "status": "accepted", "justification": "generated"}]},
    "message": {"message": {"id": "default", "arguments": ["x", "main"]}},
}
rule = {"id": "R1", "defaultConfiguration": {"level": "error"}, "messageStrings": {"default": {"text": "Variable {0} is unused in {1}"}}}
for name, result in results.items():
    run = {"tool": {"driver": {"name": "lint", "rules": [rule]}}, "results": [{"ruleId": "R1", "ruleIndex": 0, "locations": place, **result}]}
    json.dump({"version": "2.1.0", "runs": [run]}, open(f"{name}.sarif", "w"))
PY
v/bin/python log.py
{
  v/bin/sarif --check error summary suppressed.sarif > /dev/null 2>&1 && echo "passed" || echo "failed, exit status $?"
  v/bin/sarif csv message.sarif -o message.csv > /dev/null
  tail -n 1 message.csv
} 2>&1 | tee seen
printf 'failed, exit status 1\nlint,error,R1,default,app.py,3\n' > expected
tr -d '\r' < seen | cmp -s expected - || { echo "the log is read in another way now"; exit 1; }
