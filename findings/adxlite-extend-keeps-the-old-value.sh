#!/usr/bin/env bash
# adxlite 0.2.3 (PyPI), with adxpandas 0.2.3 (PyPI; the same author's engine for data frames) as a witness. Python 3.11 or newer.
#
# Input: a table with a column n of 5 and 2; `T | extend n = n * 100 | project n`, and the same with a new name. Then a table (k, x) and one (k, y),
# `A | union B`.
# Guess: 500 and 200, both times; a union with the columns k, x and y.
# Seen: 5 and 2 for the first, 500 and 200 for the second: a column that is computed under a name that exists is dropped, without a word. The union has
# the columns k and x, and the second table's y stands in x.
# Expected: Kusto's documentation, "extend operator": a name that exists already is replaced; "union operator": kind=outer is the default, and its
# result has every column that occurs in any of the tables. adxpandas, the other half of the same project, answers both so.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check adxlite==0.2.3 adxpandas==0.2.3 pandas==2.3.3 2>/dev/null
cat > ask.py <<'PY'
import pandas
from adxlite import AdxLiteClient
from adxpandas import AdxPandasClient

tables = {
    "T": pandas.DataFrame({"n": [5, 2]}),
    "A": pandas.DataFrame({"k": ["a"], "x": [1]}),
    "B": pandas.DataFrame({"k": ["b"], "y": [20]}),
}
engines = {"adxlite": AdxLiteClient(), "adxpandas": AdxPandasClient(tables)}
for name, table in tables.items():
    engines["adxlite"].ingest(name, table)
for query in ("T | extend n = n * 100 | project n", "T | extend m = n * 100 | project m", "A | union B"):
    for name, engine in engines.items():
        answer = engine.query(query)
        print(f"{query}: {name} {list(answer.columns)} {answer.fillna('-').values.tolist()}")
PY
v/bin/python ask.py | tee seen
cat > expected <<'TEXT'
T | extend n = n * 100 | project n: adxlite ['n'] [[5], [2]]
T | extend n = n * 100 | project n: adxpandas ['n'] [[500], [200]]
T | extend m = n * 100 | project m: adxlite ['m'] [[500], [200]]
T | extend m = n * 100 | project m: adxpandas ['m'] [[500], [200]]
A | union B: adxlite ['k', 'x'] [['a', 1], ['b', 20]]
A | union B: adxpandas ['k', 'x', 'y'] [['a', 1.0, '-'], ['b', '-', 20.0]]
TEXT
cmp -s expected seen || { echo "the engines answer something else now"; exit 1; }
