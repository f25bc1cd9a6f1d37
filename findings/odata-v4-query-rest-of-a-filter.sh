#!/usr/bin/env bash
# odata-v4-query 0.4.1 (PyPI), with odata-query 0.10.0 (PyPI) as a witness. Python 3.11 or newer.
#
# Input: the filters `cores add 2 gt 8 and state eq 'on'`, `owner eq 'O''Neil' and open eq true` and `wait gt duration'PT5M' and open eq true`, read
# with ODataFilterParser.parse() and written again with its evaluate().
# Guess: the same filters, or an error for what the package does not know (arithmetic, doubled quotes, durations).
# Seen: `cores`, `owner eq 'O'` and `wait gt duration`. Reading stops at the first word that is not known, and what was read up to there is the answer: the
# second half of each filter, which narrows the rows, is gone without an error. The witness reads all three whole.
# Expected: OData 4.0 ABNF: arithmetic with add, sub, mul, div and mod; a quote inside of a text is doubled; a duration is a literal with its name in
# front. The package describes itself as a parser for the standard's query options; a parser that is not at the end of its text says so.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check odata-v4-query==0.4.1 odata-query==0.10.0 2>/dev/null
cat > read.py <<'PY'
from odata_query import ast
from odata_query.grammar import ODataLexer, ODataParser
from odata_v4_query import ODataFilterParser

parser = ODataFilterParser()
for text in ("cores add 2 gt 8 and state eq 'on'", "owner eq 'O''Neil' and open eq true", "wait gt duration'PT5M' and open eq true"):
    witness = ODataParser().parse(ODataLexer().tokenize(text))
    print(text, "->", parser.evaluate(parser.parse(text)), "| two conditions for odata-query:", isinstance(witness.op, ast.And))
PY
v/bin/python read.py | tee seen
cat > expected <<'TEXT'
cores add 2 gt 8 and state eq 'on' -> cores | two conditions for odata-query: True
owner eq 'O''Neil' and open eq true -> owner eq 'O' | two conditions for odata-query: True
wait gt duration'PT5M' and open eq true -> wait gt duration | two conditions for odata-query: True
TEXT
cmp -s expected seen || { echo "odata-v4-query reads something else now"; exit 1; }
