#!/usr/bin/env bash
# pycep-parser 0.7.1 (PyPI), Python 3.11 or newer.
#
# Input: Bicep variables with two operators and no parentheses: `10 - 4 - 3`, `2 * 3 + 4`, `!ready && wanted`, `a == b && c`.
# Guess: the trees that Bicep's compiler makes: (10-4)-3, (2*3)+4, (!ready)&&wanted, (a==b)&&c.
# Seen: everything to the right of the first operator is its second operand: 10-(4-3), 2*(3+4), !(ready&&wanted), a==(b&&c). Whoever
# evaluates the trees gets 9 for 3, 14 for 10 and the opposite of the condition. The tree of `2 * (3 + 4)` is the same as that
# of `2 * 3 + 4`, so the order that was written cannot be had back.
# Expected: Bicep's documentation, "Operators", "Operator precedence and associativity": unary before * / %, before + -, before comparison,
# before equality, before && and ||; those of one level from left to right.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check pycep-parser==0.7.1 2>/dev/null
cat > read.py <<'PY'
from pycep import BicepParser

def grouped(value):
    """The tree as an expression with all its parentheses."""
    if not isinstance(value, dict):
        return str(value)
    operator = value["operator"]
    return f"{operator['type']}({', '.join(grouped(operand) for operand in operator['operands'].values())})"

for expression in ("10 - 4 - 3", "2 * 3 + 4", "2 * (3 + 4)", "!ready && wanted", "a == b && c"):
    print(expression, "is", grouped(BicepParser().parse(text=f"var x = {expression}\n")["variables"]["x"]["value"]))
PY
v/bin/python read.py | tee seen
cat > expected <<'TEXT'
10 - 4 - 3 is substract(10, substract(4, 3))
2 * 3 + 4 is multiply(2, add(3, 4))
2 * (3 + 4) is multiply(2, add(3, 4))
!ready && wanted is not(and(ready, wanted))
a == b && c is equals(a, and(b, c))
TEXT
cmp -s expected seen || { echo "pycep reads something else now"; exit 1; }
