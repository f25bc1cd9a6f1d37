#!/usr/bin/env bash
# jsonpath-python 1.1.6 (PyPI), with jsonpath-rfc9535 1.0.1 (PyPI) as a witness. Python 3.11 or newer.
#
# Input: two apps, web with min 1 and job with min 0; `$..[?(@.min==0)].name`, `$.apps[-1].name`, `$.apps[-1:].name`, and two filters joined with && instead
# of the package's own `and`.
# Guess: job, four times, or an error for &&.
# Seen: job twice; nothing; job; and nothing: below `..` a node is found once for itself and once for the list it stands in. A negative index is no error and
# finds nothing, while the slice does. What a filter cannot be read as is an empty list, so a slip of the pen is "no such app".
# Expected: RFC 9535, 2.5.2 and 2.3.3: each child is visited once, and -1 is the last one. The README leaves the RFC's details to others; its own table has
# slices as in Python, where [-1] is known too, and the package has an ExprSyntaxError.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check jsonpath-python==1.1.6 jsonpath-rfc9535==1.0.1 2>/dev/null
cat > query.py <<'PY'
import jsonpath_rfc9535
from jsonpath import JSONPath

document = {"apps": [{"name": "web", "min": 1}, {"name": "job", "min": 0}]}
for path in ("$..[?(@.min==0)].name", "$.apps[-1].name", "$.apps[-1:].name", '$.apps[?(@.min==0 && @.name=="job")].name'):
    print(path, JSONPath(path).parse(document), [node.value for node in jsonpath_rfc9535.find(path, document)])
path = '$.apps[?(@.min==0 and @.name=="job")].name'
print(path, JSONPath(path).parse(document))
PY
v/bin/python query.py | tee seen
cat > expected <<'TEXT'
$..[?(@.min==0)].name ['job', 'job'] ['job']
$.apps[-1].name [] ['job']
$.apps[-1:].name ['job'] ['job']
$.apps[?(@.min==0 && @.name=="job")].name [] ['job']
$.apps[?(@.min==0 and @.name=="job")].name ['job']
TEXT
cmp -s expected seen || { echo "the paths give something else now"; exit 1; }
