#!/usr/bin/env bash
# kqlbridge 0.12.1 (PyPI), Python 3.11 or newer; the SQL that it writes is run in Python's SQLite.
#
# Input: a table of four log lines from two revisions; `T | distinct k | count`, `T | take 1 | where n > 3`, and `T | where k == "a" | count`.
# Guess: 2; no line, since the first one has n = 1; 2.
# Seen: 4, two revisions are counted as four: the query becomes `SELECT DISTINCT COUNT(*)`, which counts the lines and then looks for equal counts.
# `take` and `where` change places, so a line is found that is not among the ones taken. The third is right. is_supported() says yes to all three.
# Expected: Kusto's documentation, "Tabular expression statements": data flows through the operators from left to right, each takes what the one
# before it gives. The package offers is_supported() so that what it cannot translate is not translated.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check kqlbridge==0.12.1 2>/dev/null
cat > ask.py <<'PY'
import sqlite3

from kqlbridge import is_supported, translate

store = sqlite3.connect(":memory:")
store.execute("create table T (k text, n integer)")
store.executemany("insert into T values (?, ?)", [("a", 1), ("a", 2), ("b", 4), ("b", 5)])
for query in ("T | distinct k | count", "T | take 1 | where n > 3", 'T | where k == "a" | count'):
    sql = " ".join(translate(query, target="spark").split())
    print(f"{query}: {is_supported(query)}, {sql}: {store.execute(sql).fetchall()}")
PY
v/bin/python ask.py | tee seen
cat > expected <<'TEXT'
T | distinct k | count: True, SELECT DISTINCT COUNT(*) AS count_ FROM T: [(4,)]
T | take 1 | where n > 3: True, SELECT * FROM T WHERE n > 3 LIMIT 1: [('b', 4)]
T | where k == "a" | count: True, SELECT COUNT(*) AS count_ FROM T WHERE k = 'a': [(2,)]
TEXT
cmp -s expected seen || { echo "kqlbridge writes something else now"; exit 1; }
