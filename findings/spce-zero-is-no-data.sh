#!/usr/bin/env bash
# spce 0.3.0 (PyPI), Python 3.11 or newer.
#
# Input: CloudEvents whose data is False, 0, an empty text and an empty list, written as JSON and read again.
# Guess: the four values.
# Seen: none of them: the JSON has no member `data`, and what is read again has None. A 1 and a True come through.
# Expected: CloudEvents' JSON format 1.0.2, 3.1.1: `data` holds any JSON value; an event without data is another one than an event whose data is false,
# such as the answer to a question.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check spce==0.3.0 2>/dev/null
cat > write.py <<'PY'
from spce import CloudEvent, Json

for data in (False, 0, "", [], 1, True):
    text = Json.encode(CloudEvent(id="1", source="/shop", type="answer", data=data))
    print(repr(data), "data" in text, repr(Json.decode(text).data))
PY
v/bin/python write.py | tee seen
cat > expected <<'TEXT'
False False None
0 False None
'' False None
[] False None
1 True 1
True True True
TEXT
cmp -s expected seen || { echo "spce writes other data now"; exit 1; }
