#!/usr/bin/env bash
# bicep-cost 0.2.0 (PyPI; monthly costs of ARM and Bicep templates), Python 3.11 or newer. Its evaluator of template expressions is called directly.
#
# Input: `equals('prod', 'Prod')`, `contains('OneTwoThree', 'one')`, `contains(createArray('Prod'), 'prod')`, `indexOf(createArray('a', 'b'), 'b')`, and
# union() of two objects that both have tags.
# Guess: false, false, false, 1, and the tags of both.
# Seen: true, true, false, 6, and the second one's tags only. indexOf looks into the list's text as JSON. A resource whose condition compares an environment's
# name is counted where Resource Manager leaves it out, or with other numbers.
# Expected: Azure's documentation of template functions: comparisons of strings are case-sensitive in equals and contains, but for an object's keys; indexOf of an
# array gives the place of the item; union goes on into objects inside. What the program cannot evaluate it calls unknown, which is what it promises.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check bicep-cost==0.2.0 2>/dev/null
cat > ask.py <<'PY'
from bicep_cost.armexpr import evaluate_string

for text in (
    "equals('prod', 'Prod')",
    "contains('OneTwoThree', 'one')",
    "contains(createArray('Prod'), 'prod')",
    "indexOf(createArray('a', 'b'), 'b')",
    """union(json('{"tags": {"team": "web"}}'), json('{"tags": {"env": "prod"}}'))""",
):
    print(text, "|", evaluate_string(f"[{text}]", None))
PY
v/bin/python ask.py | tee seen
cat > expected <<'TEXT'
equals('prod', 'Prod') | True
contains('OneTwoThree', 'one') | True
contains(createArray('Prod'), 'prod') | False
indexOf(createArray('a', 'b'), 'b') | 6
union(json('{"tags": {"team": "web"}}'), json('{"tags": {"env": "prod"}}')) | {'tags': {'env': 'prod'}}
TEXT
cmp -s expected seen || { echo "bicep-cost evaluates otherwise now"; exit 1; }
