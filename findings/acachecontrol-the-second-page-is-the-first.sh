#!/usr/bin/env bash
# acachecontrol 0.3.7 (PyPI), Python 3.11 or newer.
#
# Input: a loopback server that answers with the page it is asked for; get(URL, params={"page": 1}) and then {"page": 2}; the same with the page in the address;
# and a path that answers 500 for the first time and 200 from then on. No answer has a Cache-Control.
# Guess: 1 and 2, twice; and 500 and 200.
# Seen: 1 and 1 for params, as an answer is kept by method and address alone; 1 and 2 for the address. 500 and 500 for the last: an error is kept like any
# other answer, and without a word of the server for a default time.
# Expected: RFC 9111, 2: the cache key holds at least the method and the target URI, of which the query is a part; 3: an answer of status 500 without explicit freshness
# is not stored, as only those of certain statuses are heuristically cacheable. aiohttp's own params are a part of the URI.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check acachecontrol==0.3.7 2>/dev/null
cat > ask.py <<'PY'
import asyncio
import http.server
import threading
import urllib.parse

from acachecontrol import AsyncCacheControl

failed = []


class Answers(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        asked = urllib.parse.urlsplit(self.path)
        status = 500 if asked.path == "/once" and not failed else 200
        failed.extend([1] * (status == 500))
        body = f"{status} {asked.query}".strip().encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words):
        pass


async def main(address):
    async with AsyncCacheControl() as client:
        for path, more in (("/a", {"params": {"page": 1}}), ("/a", {"params": {"page": 2}}), ("/b?page=1", {}), ("/b?page=2", {}), ("/once", {}), ("/once", {})):
            async with client.get(address + path, **more) as answer:
                print(path, *more.values(), "|", await answer.text())


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
threading.Thread(target=server.serve_forever, daemon=True).start()
asyncio.run(main(f"http://127.0.0.1:{server.server_port}"))
PY
v/bin/python ask.py | tee seen
cat > expected <<'TEXT'
/a {'page': 1} | 200 page=1
/a {'page': 2} | 200 page=1
/b?page=1 | 200 page=1
/b?page=2 | 200 page=2
/once | 500
/once | 500
TEXT
cmp -s expected seen || { echo "acachecontrol answers something else now"; exit 1; }
