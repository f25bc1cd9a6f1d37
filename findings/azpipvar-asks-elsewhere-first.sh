#!/usr/bin/env bash
# azpipvar 0.1.6 (PyPI), Python 3.11 or newer; a loopback server stands for every host that it looks for.
#
# Input: `azpipvar --help` in an empty folder, for the first time of a user.
# Guess: the options of a tool that lists the variables of Azure Pipelines' files in a folder.
# Seen: no help: it has no options, and reads the folder. Before that it sends a request with its name and version to a host of its author, without a
# question and with no way to decline; with the proxy of this script, a CONNECT for that host arrives. Later runs send nothing.
# Expected: a tool that reads files of a pipeline asks before it tells anybody, or can be told not to; its page says that no data of a person goes out,
# but a build agent shows its address, and a firewall's alarm is about whoever ran it.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check azpipvar==0.1.6 2>/dev/null
cat > proxy.py <<'PY'
import http.server


class Proxy(http.server.BaseHTTPRequestHandler):
    def do_CONNECT(self):
        with open("asked", "a") as file:
            file.write("CONNECT\n")
        self.send_error(403)

    def log_message(self, *words):
        pass


server = http.server.HTTPServer(("127.0.0.1", 0), Proxy)
open("port", "w").write(str(server.server_port))
server.serve_forever()
PY
python3 proxy.py & server=$!
for _ in $(seq 100); do [ -s port ] && break; sleep 0.1; done
mkdir home empty
for _ in 1 2; do
  (cd empty; env HOME="$folder/home" XDG_CONFIG_HOME= HTTPS_PROXY="http://127.0.0.1:$(cat "$folder/port")" "$folder/v/bin/azpipvar" --help > "$folder/answer" 2>&1) || true
done
{ grep -ci usage answer || true; cat asked; } | tee seen
cat > expected <<'TEXT'
0
CONNECT
TEXT
cmp -s expected seen || { echo "azpipvar begins otherwise now"; exit 1; }
