#!/usr/bin/env bash
# har2requests 0.2.3 (PyPI), Python 3.11 or newer.
#
# Input: an archive with three requests of 11 bytes: a PUT and a PATCH with one JSON body, `{"open": 1}`, and a POST of the form `a=1&a=2&b=3`.
# Guess: three lines of requests with those bodies.
# Seen: the PUT has its body. The PATCH has none, and no comment where it was: the script runs and changes nothing. The form has `a` once, with the
# second value alone.
# Expected: HAR 1.2, postData: the body that was sent, whatever the method; RFC 5789, 2: the body of a PATCH is the change that is asked for. HAR's
# params are a list, so a name may come twice, and requests takes a list for that. The program calls itself a generator of the code
# for a HAR file.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check har2requests==0.2.3 black==25.1.0 2>/dev/null
cat > archive.py <<'PY'
import json

def entry(method, kind, text, **post):
    headers = [{"name": "Content-Type", "value": kind}]
    request = {"method": method, "url": "http://127.0.0.1/orders/7", "httpVersion": "HTTP/1.1", "cookies": [], "headers": headers, "queryString": [], "headersSize": -1,
               "bodySize": len(text), "postData": {"mimeType": kind, "text": text, **post}}
    response = {"status": 200, "statusText": "OK", "httpVersion": "HTTP/1.1", "cookies": [], "headers": [], "content": {"size": 0, "mimeType": "text/plain"},
                "redirectURL": "", "headersSize": -1, "bodySize": 0}
    return {"startedDateTime": "2026-01-01T00:00:00.000Z", "time": 1, "request": request, "response": response, "cache": {}, "timings": {"send": 0, "wait": 1, "receive": 0}}

form = [{"name": "a", "value": "1"}, {"name": "a", "value": "2"}, {"name": "b", "value": "3"}]
entries = [entry("PUT", "application/json", '{"open": 1}'), entry("PATCH", "application/json", '{"open": 1}'), entry("POST", "application/x-www-form-urlencoded", "a=1&a=2&b=3", params=form)]
json.dump({"log": {"version": "1.2", "creator": {"name": "example", "version": "1"}, "entries": entries}}, open("orders.har", "w"))
PY
v/bin/python archive.py
PATH="$folder/v/bin:$PATH" v/bin/har2requests --no-infer orders.har 2>/dev/null | grep -E 's\.(put|patch|post)|json=|data=' | sed 's/^ *//' | tee seen
cat > expected <<'TEXT'
r = s.put(
json={"open": 1},
r = s.patch(
r = s.post(
data={"a": "2", "b": "3"},
TEXT
cmp -s expected seen || { echo "har2requests writes something else now"; exit 1; }
