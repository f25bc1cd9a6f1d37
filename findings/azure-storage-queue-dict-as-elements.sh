#!/usr/bin/env bash
# azure-storage-queue 12.18.1 (PyPI), Python 3.11 or newer.
#
# Input: QueueClient.send_message() with {"order": 5, "lines": ["a", "b"]}, with a list, with None and with bytes. The argument is declared as
# Optional[object].
# Guess: TypeError for all that is no text, as the library does for bytes, or the dict as JSON.
# Seen: bytes are refused. The dict becomes XML elements inside of the message, `<order>5</order><lines><lines>a</lines>...`, the list a MessageText
# in a MessageText, None a message without the text's element. No encoding is applied, nothing is raised; what receive_messages() finds as its
# content is the text in front of the first of these elements, so none.
# Expected: "Put Message" of the Queue service: MessageText is a text of up to 64 KiB. The documentation of NoEncodePolicy, the default, says that the content
# is sent as it is; a type that has no text is refused, as bytes are.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check azure-storage-queue==12.18.1 2>/dev/null
cat > send.py <<'PY'
import http.server, threading

class Mirror(http.server.BaseHTTPRequestHandler):
    """Notes what it is asked and answers with 201 and an ETag."""

    seen = []

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.seen.append((self.command, self.path, self.headers, body))
        self.send_response(201)
        for name, value in (("ETag", '"1"'), ("Last-Modified", "Fri, 02 Jan 2026 12:00:00 GMT"), ("Content-Length", "0")):
            self.send_header(name, value)
        self.end_headers()

    do_PUT = do_POST = answer

    def log_message(self, *words):
        pass

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Mirror)
threading.Thread(target=server.serve_forever, daemon=True).start()
account = f"http://127.0.0.1:{server.server_port}/account"
key = {"credential": {"account_name": "account", "account_key": "a2V5"}, "retry_total": 0}
from azure.storage.queue import QueueClient

queue = QueueClient(account, "queue", **key)
for content in ("text", {"order": 5, "lines": ["a", "b"]}, ["a", "b"], None, b"bytes"):
    Mirror.seen.clear()
    try:
        queue.send_message(content)
    except TypeError:
        print("TypeError", end="")
    except Exception:
        pass  # the mirror's answer has no body; what was sent is what counts
    print(*(body.decode().split("\n")[1] for _, _, _, body in Mirror.seen))
PY
v/bin/python send.py 2>/dev/null | tee seen
cat > expected <<'TEXT'
<QueueMessage><MessageText>text</MessageText></QueueMessage>
<QueueMessage><MessageText><order>5</order><lines><lines>a</lines><lines>b</lines></lines></MessageText></QueueMessage>
<QueueMessage><MessageText><MessageText>a</MessageText><MessageText>b</MessageText></MessageText></QueueMessage>
<QueueMessage />
TypeError
TEXT
cmp -s expected seen || { echo "the messages are written in another way now"; exit 1; }
