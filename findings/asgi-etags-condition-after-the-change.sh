#!/usr/bin/env bash
# asgi-etags 0.2.1 (PyPI), Python 3.11 or newer.
#
# Input: a PUT with `If-Match: "other"` to an application that stores what it is sent, behind the package's middleware; a GET with `If-None-Match` as a
# list that holds the right tag, and with the tag marked as weak.
# Guess: 412 and nothing stored, then 304 twice.
# Seen: 412, and the thing is stored: the application runs first, and the condition is compared with the tag of its answer. Both GETs are answered with
# 200 and the whole body, since the header's text is compared as one.
# Expected: RFC 9110, 13.1.1 and 13.2: the server must not perform the method when the condition fails, which is what If-Match is for (the lost update);
# 13.1.2: If-None-Match is a list, and the comparison is the weak one.
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

stored = []


async def app(scope, receive, send):
    if scope["method"] == "PUT":
        stored.append("new")
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"one"})


async def ask(method, name, value):
    statuses = []

    async def send(message):
        if "status" in message:
            statuses.append(int(message["status"]))

    scope = {"type": "http", "method": method, "path": "/", "headers": [(name, value)]}
    await ETagMiddleware(app, lambda body: f'"{body.decode()}"')(scope, None, send)
    print(method, value.decode(), statuses, stored)


asyncio.run(ask("PUT", b"if-match", b'"other"'))
asyncio.run(ask("GET", b"if-none-match", b'"zero", "one"'))
asyncio.run(ask("GET", b"if-none-match", b'W/"one"'))
PY
v/bin/python ask.py | tee seen
cat > expected <<'TEXT'
PUT "other" [412] ['new']
GET "zero", "one" [200] ['new']
GET W/"one" [200] ['new']
TEXT
cmp -s expected seen || { echo "the middleware answers otherwise now"; exit 1; }
