#!/usr/bin/env bash
# skopeo 1.9.3+ds1-1+b10 (Debian 12, amd64), and Python 3 for the registry.
#
# Input: a registry that lists a repository's tags on two pages. The first has one Link header with two links, as RFC 8288 has them:
# `</help>; rel="help", </v2/team/api/tags/list?last=v1>; rel="next"`.
# Guess: both tags, as when the header holds the second link alone.
# Seen: skopeo follows the first link of the header whatever its relation is, gets the 404 of /help, and ends with "fetching tags list: invalid
# status code from registry 404". With the links the other way round both tags are listed.
# Expected: RFC 8288, 3: a Link header is a list, and the relation says what each link is for; the order says nothing. The OCI distribution
# specification asks for the Link whose relation is "next". oras (PyPI) reads it from the same header.
#
# Exit status 0: this is still so. 1: it is not, look again. 2: this is no Debian 12 on amd64.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
for package in skopeo=1.9.3+ds1-1+b10 libgpgme11 libassuan0 libdevmapper1.02.1; do
  apt-get download "$package" >/dev/null 2>&1 || { echo "Debian has no $package here"; exit 2; }
done
for file in *.deb; do dpkg-deb -x "$file" root; done
cat > registry.py <<'PY'
import http.server, json

NEXT, HELP = '</v2/team/api/tags/list?last=v1>; rel="next"', '</help>; rel="help"'

class Registry(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        first, known = "last=" not in self.path, not self.path.startswith("/help")
        body = json.dumps({"name": "team/api", "tags": ["v1"] if first else ["v2"]}).encode() if known else b"{}"
        self.send_response(200 if known else 404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if first and "tags" in self.path:
            self.send_header("Link", next(LINKS))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words):
        pass

LINKS = iter([f"{NEXT}, {HELP}", f"{HELP}, {NEXT}"])
server = http.server.HTTPServer(("127.0.0.1", 0), Registry)
open("port", "w").write(str(server.server_port))
server.serve_forever()
PY
python3 registry.py & server=$!
for _ in $(seq 100); do [ -s port ] && break; sleep 0.1; done
export LD_LIBRARY_PATH="$folder/root/usr/lib/x86_64-linux-gnu:$folder/root/lib/x86_64-linux-gnu" HOME="$folder"
for _ in 1 2; do
  root/usr/bin/skopeo list-tags --tls-verify=false "docker://127.0.0.1:$(cat port)/team/api" > answer 2>&1 || true
  if grep -q 404 answer; then echo 404; else grep -o 'v[0-9]' answer | xargs; fi
done | tee seen
printf 'v1 v2\n404\n' | cmp -s - seen || { echo "skopeo lists something else now"; cat answer; exit 1; }
