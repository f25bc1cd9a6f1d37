#!/usr/bin/env bash
# adxpandas 0.2.3 (PyPI), with duckdb-kql 1.1.2 (PyPI) as a witness. Python 3.11 or newer.
#
# Input: a table of three durations, 5, 40 and 7, and the queries `T | sort by n`, `T | top 1 by n` and `T | sort by n desc`.
# Guess: 40, 7, 5; then 40; then 40, 7, 5.
# Seen: 5, 7, 40; then 5; then 40, 7, 5. Where no direction is written the order is ascending, so "the slowest request" of a query that was tried out on
# this machine is the quickest one. adxlite (PyPI), which is built on the same parser, does the same with tables in SQLite.
# Expected: Kusto's documentation, "sort operator" and "top operator": the order is descending unless asc is written. The package promises Kusto
# queries over data frames, and Log Analytics, to which a query goes afterwards, follows the documentation.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check adxpandas==0.2.3 'duckdb-kql[duckdb]==1.1.2' pandas==2.3.3 2>/dev/null
cat > sort.py <<'PY'
import duckdb_kql
import pandas
from adxpandas import AdxPandasClient

table = pandas.DataFrame({"n": [5, 40, 7]})
local = AdxPandasClient({"T": table})
witness = duckdb_kql.connect()
witness.execute("create table T as select unnest([5, 40, 7]) as n")
for query in ("T | sort by n", "T | top 1 by n", "T | sort by n desc"):
    expected = [row[0] for row in duckdb_kql.query(witness, query).fetchall()]
    print(f"{query}: adxpandas {list(local.query(query)['n'])}, duckdb-kql {expected}")
PY
v/bin/python sort.py | tee seen
cat > expected <<'TEXT'
T | sort by n: adxpandas [5, 7, 40], duckdb-kql [40, 7, 5]
T | top 1 by n: adxpandas [5], duckdb-kql [40]
T | sort by n desc: adxpandas [40, 7, 5], duckdb-kql [40, 7, 5]
TEXT
cmp -s expected seen || { echo "the queries are answered in another order now"; exit 1; }
