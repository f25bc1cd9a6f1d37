#!/usr/bin/env bash
# gen-openapi-rest 0.0.3 (PyPI), Python 3.11 or newer.
#
# Input: an OpenAPI 3.0 document with a GET of /orders/{id} that has a query and a header parameter, and a PUT with a JSON body; and the same document with
# the id's parameter above the two operations, as it is written when they share it.
# Guess: requests with {{id}} and {{open}}, or with values, and a body for the PUT; the same for the second document.
# Seen: the address has `{id}?open={open}`, one brace, which is text to the REST Client: it is sent as it stands. The PUT has no Content-Type and no body. The
# second document ends in "An error occurred: 'list' object has no attribute 'get'"; no file is written, and the exit status is 0.
# Expected: REST Client's documentation, "Variables": a reference is {{name}}; a body stands below an empty line. OpenAPI 3.0.3, Path Item Object: parameters beside the
# operations hold for all of them. The README promises files compatible with the REST Client, with path and query parameters handled.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check gen-openapi-rest==0.0.3 2>/dev/null
cat > write.py <<'PY'
import json

number = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
open_orders = {"name": "open", "in": "query", "schema": {"type": "boolean"}}
done = {"200": {"description": "done"}}
body = {"content": {"application/json": {"schema": {"type": "object"}, "example": {"open": True}}}}
get = {"summary": "One order", "parameters": [number, open_orders], "responses": done}
put = {"summary": "Change it", "parameters": [number], "requestBody": body, "responses": done}
for name, item in (
    ("beside", {"get": get, "put": put}),
    ("above", {"parameters": [number], "get": get | {"parameters": [open_orders]}, "put": put | {"parameters": []}}),
):
    document = {"openapi": "3.0.3", "info": {"title": "shop", "version": "1"}, "servers": [{"url": "https://shop.example"}], "paths": {"/orders/{id}": item}}
    json.dump(document, open(f"{name}.json", "w"))
PY
v/bin/python write.py
for name in beside above; do
  status=0
  v/bin/python -m gen_openapi_rest "$name.json" "$name.http" > answer 2>&1 || status=$?
  echo "$name: status $status, file: $([ -s "$name.http" ] && echo yes || echo no)"
  grep -v -E '^(#.*)?$' "$name.http" 2>/dev/null || true
done | tee seen
cat > expected <<'TEXT'
beside: status 0, file: yes
GET https://shop.example/orders/{id}?open={open} HTTP/1.1
PUT https://shop.example/orders/{id} HTTP/1.1
above: status 0, file: no
TEXT
cmp -s expected seen || { echo "gen-openapi-rest writes something else now"; exit 1; }
