#!/usr/bin/env bash
# crpy 0.4.0 (PyPI), Python 3.11 or newer.
#
# Input: a repository with seven tags on a registry that gives three at once, each page but the last with a Link to the next.
# Guess: list_tags answers with all seven, or with the first page, which is all that it asks for.
# Seen: it asks for all three pages and answers with the first two, six tags: what it got with the third is thrown away. So with list_repositories.
# Two pages are complete, so a test with a small page does not show it; from the third page on all is lost.
# Expected: OCI distribution specification, "Listing Tags": the client follows the Link until there is none and has the whole list. The function
# is documented to retrieve all pages. A clean-up that keeps what is listed deletes what is not.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check crpy==0.4.0 2>/dev/null
cat > list.py <<'PY'
import asyncio, http.server, json, threading, urllib.parse
from crpy.registry import RegistryInfo

TAGS = [f"v{number}" for number in range(1, 8)]
asked = 0

class Registry(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        global asked
        asked += "tags" in self.path
        last = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query).get("last", [""])[0]
        rest = [tag for tag in TAGS if tag > last]
        body = json.dumps({"name": "team/api", "tags": rest[:3]}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if len(rest) > 3:
            self.send_header("Link", f'</v2/team/api/tags/list?n=3&last={rest[2]}>; rel="next"')
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words):
        pass

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Registry)
threading.Thread(target=server.serve_forever, daemon=True).start()
image = RegistryInfo.from_url(f"http://127.0.0.1:{server.server_port}/team/api:v1")
print(*asyncio.run(image.list_tags()), "pages", asked)
PY
HOME="$folder" v/bin/python list.py | tee seen
printf 'v1 v2 v3 v4 v5 v6 pages 3\n' | cmp -s - seen || { echo "crpy lists something else now"; exit 1; }
