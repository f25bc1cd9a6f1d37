#!/usr/bin/env bash
# asgi-etags 0.2.1 (PyPI), Python 3.11 or newer.
#
# Input: an application that answers in two parts, the first with more_body=True, behind the package's middleware.
# Guess: one start with one ETag of the whole, or none, and two parts.
# Seen: start, part, start, part: a second start of the same answer, with two ETag headers, the one of the first part and the one of the second. A
# server stops there; what the client has got is the first part, under a tag that is not the whole's.
# Expected: the ASGI specification: one http.response.start, then parts until more_body is false. Streaming answers are of this kind, and Starlette's
# own middleware classes make every answer so.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check asgi-etags==0.2.1 2>/dev/null
cat > ask.py <<'PY'
import asyncio

from asgi_etags import ETagMiddleware


async def app(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"one", "more_body": True})
    await send({"type": "http.response.body", "body": b"two"})


async def send(message):
    print(message["type"], message.get("body", b"").decode(), [value.decode() for name, value in message.get("headers", []) if name == b"ETag"])


scope = {"type": "http", "method": "GET", "path": "/", "headers": []}
asyncio.run(ETagMiddleware(app, lambda body: f'"{body.decode()}"')(scope, None, send))
PY
v/bin/python ask.py | tee seen
cat > expected <<'TEXT'
http.response.start  ['"one"']
http.response.body one []
http.response.start  ['"one"', '"two"']
http.response.body two []
TEXT
cmp -s expected seen || { echo "the middleware answers otherwise now"; exit 1; }
