#!/usr/bin/env bash
# @azure/storage-queue 12.30.0 (npm) and azure-storage-queue 12.18.1 (PyPI) as a witness, Node.js 20 and Python 3.11 or newer.
#
# Input: sendMessage("first\nsecond"), and the same text from the SDK for Python, to a server that shows what it was sent.
# Guess: the text with its line end, twice.
# Seen: from JavaScript `firstsecond`: every line feed of a message is taken out before it is sent; of "\r\n" the carriage return is left. A CSV, a log, a
# PEM key or a text of Markdown arrives as one line. Python sends the line end. Nothing is raised, and the answer repeats no content.
# Expected: XML 1.0, 2.10 and 2.11: a line feed in an element's text is a part of that text and is handed on. "Put Message" of the Queue service: the message is any
# text that can be a part of an XML document. What is taken out of the indentation between elements is not taken out of the text.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts @azure/storage-queue@12.30.0 >/dev/null 2>&1
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check azure-storage-queue==12.18.1 2>/dev/null
cat > send.cjs <<'JS'
const { QueueClient, StorageSharedKeyCredential } = require('@azure/storage-queue');
const queue = new QueueClient(process.argv[2], new StorageSharedKeyCredential('account', 'a2V5'), { retryOptions: { maxTries: 1 } });
queue.sendMessage('first\nsecond').catch(() => undefined);
JS
cat > send.py <<'PY'
import http.server, subprocess, threading
from azure.storage.queue import QueueClient

class Mirror(http.server.BaseHTTPRequestHandler):
    seen = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.seen.append(body[body.index("<MessageText>") + 13 : body.index("</MessageText>")])
        self.send_response(400)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *words):
        pass

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Mirror)
threading.Thread(target=server.serve_forever, daemon=True).start()
address = f"http://127.0.0.1:{server.server_port}/account"
subprocess.run(["node", "send.cjs", f"{address}/queue"], check=True)
try:
    QueueClient(address, "queue", credential={"account_name": "account", "account_key": "a2V5"}, retry_total=0).send_message("first\nsecond")
except Exception:
    pass  # the mirror answers 400; what was sent is what counts
for language, text in zip(("JavaScript", "Python"), Mirror.seen):
    print(language, repr(text))
PY
v/bin/python send.py 2>/dev/null | tee seen
printf "JavaScript 'firstsecond'\nPython 'first\\\\nsecond'\n" | cmp -s - seen || { echo "one of the two sends something else now"; exit 1; }
