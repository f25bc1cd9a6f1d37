#!/usr/bin/env bash
# azure-storage-blob 12.31.1 and azure-storage-file-share 12.27.1 (PyPI), Python 3.11 or newer.
#
# Input: 1024 bytes and length=512 for upload_page(), append_block(), stage_block() and the share's upload_range(): the beginning of a buffer that is
# larger than what is to be written, as in any loop that fills the same buffer again.
# Guess: 512 bytes are sent, four times.
# Seen: append_block(), stage_block() and upload_page() send 512. upload_range() sends all 1024, with the range `bytes=0-511` above them: the header is made
# from the length, the body is not. The service answers such a request with 400, InvalidHeaderValue, and names a header that the caller never wrote.
# Expected: one meaning for one argument. upload_range()'s documentation says that length is the number of bytes to use, as its three peers' does, and
# "Put Range" of the file service asks that the body is as long as the range.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check azure-storage-file-share==12.27.1 azure-storage-blob==12.31.1 2>/dev/null
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
from azure.storage.blob import BlobClient
from azure.storage.fileshare import ShareFileClient

buffer = bytes(1024)
blob = BlobClient(account, "container", "blob", **key)
file = ShareFileClient(account, share_name="share", file_path="file", **key)
calls = {
    "append_block": lambda: blob.append_block(buffer, length=512),
    "stage_block": lambda: blob.stage_block("1", buffer, length=512),
    "upload_page": lambda: blob.upload_page(buffer, offset=0, length=512),
    "upload_range": lambda: file.upload_range(buffer, offset=0, length=512),
}
for name, call in calls.items():
    call()
    _, _, headers, body = Mirror.seen[-1]
    print(f"{name}: {len(body)} bytes, range {headers.get('x-ms-range')}")
PY
v/bin/python send.py 2>/dev/null | tee seen
cat > expected <<'TEXT'
append_block: 512 bytes, range None
stage_block: 512 bytes, range None
upload_page: 512 bytes, range bytes=0-511
upload_range: 1024 bytes, range bytes=0-511
TEXT
cmp -s expected seen || { echo "another number of bytes is sent now"; exit 1; }
