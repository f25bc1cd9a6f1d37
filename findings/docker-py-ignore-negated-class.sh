#!/usr/bin/env bash
# docker 7.2.0 (PyPI, the Docker SDK for Python), Python 3.11 or newer.
#
# Input: a build context with logs/1.txt and logs/2.txt and a .dockerignore of one line, `logs/[^1].txt`.
# Guess: logs/2.txt stays out, as with the docker command.
# Seen: the other way round. The SDK sends logs/2.txt to the engine and leaves logs/1.txt out: it takes ^ for a member of the class, so
# [^1] means "^ or 1". With `[!1]`, which Docker takes for "! or 1", it is the opposite again.
# A second rule of the same kind is lost too: `\#notes` (a name that begins with #) excludes nothing.
# Expected: Docker's documentation, ".dockerignore files": matching is done with Go's filepath.Match rules, where a class is negated with ^
# and \ takes the next character as it is. @balena/dockerignore (npm) reads both as Docker does. One file, two contexts, two images.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check docker==7.2.0 2>/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @balena/dockerignore@1.0.2 >/dev/null 2>&1
mkdir -p context/logs
touch context/logs/1.txt context/logs/2.txt 'context/#notes'
printf 'FROM scratch\n' > context/Dockerfile
cat > engine.py <<'PY'
"""An engine that takes a build context, writes down the names in it, and answers with a finished build."""
import http.server, io, json, tarfile

class Engine(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        size, body = 1, b""
        while size and self.headers.get("Transfer-Encoding") == "chunked":
            size = int(self.rfile.readline(), 16)
            body += self.rfile.read(size)
            self.rfile.readline()
        body = body or self.rfile.read(int(self.headers.get("Content-Length", 0)))
        names = sorted(member.name for member in tarfile.open(fileobj=io.BytesIO(body)) if member.isfile())
        with open("seen", "a") as seen:
            print("docker-py", *(name for name in names if "ocker" not in name), file=seen)
        answer = json.dumps({"stream": "Successfully built 0123456789ab\n"}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *words):
        pass

server = http.server.HTTPServer(("127.0.0.1", 0), Engine)
open("port", "w").write(str(server.server_port))
server.serve_forever()
PY
v/bin/python engine.py & server=$!
for _ in $(seq 100); do [ -s port ] && break; sleep 0.1; done
cat > balena.js <<'JS'
const rule = require('fs').readFileSync('context/.dockerignore', 'utf8').trim();
console.log('balena', ...require('@balena/dockerignore')().add(rule).filter(['#notes', 'logs/1.txt', 'logs/2.txt']));
JS
for rule in 'logs/[^1].txt' '\#notes'; do
  printf '%s\n' "$rule" > context/.dockerignore
  v/bin/python -c "
import docker, sys
list(docker.APIClient(base_url='tcp://127.0.0.1:' + sys.argv[1], version='1.43').build(path='context'))" "$(cat port)"
  node balena.js >> seen
done
cat seen
cat > expected <<'TEXT'
docker-py #notes logs/2.txt
balena #notes logs/1.txt
docker-py #notes logs/1.txt logs/2.txt
balena logs/1.txt logs/2.txt
TEXT
cmp -s expected seen || { echo "one of the two sends something else now"; exit 1; }
