#!/usr/bin/env bash
# azure-storage-blob 12.31.1 and azure-storage-file-share 12.27.1 (PyPI), Python 3.11 or newer.
#
# Input: download_blob() and download_file() with offset=0 and length=0, and with offset=4 and length=0: the last round of a loop that reads in
# pieces, or a piece that was found to be empty. The server takes ranges by RFC 9110.
# Guess: an empty answer without a request, or ValueError; no matter where it begins.
# Seen: a request is sent each time, with the ranges `bytes=0--1` and `bytes=4-3`, which are none. A server that ignores what is no range answers with the
# whole content, and the first call ends in "ValueError: Required Content-Range response header is missing or malformed", the second likewise.
# Expected: RFC 9110, 14.1.1: in an int-range the last position is not below the first, and a range with another is invalid; 14.2: an invalid one is
# ignored. The documentation of length is "number of bytes to read", without a least number.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check azure-storage-blob==12.31.1 azure-storage-file-share==12.27.1 2>/dev/null
cat > read.py <<'PY'
import http.server, re, threading
from azure.storage.blob import BlobClient
from azure.storage.fileshare import ShareFileClient

CONTENT = b"0123456789"

class Server(http.server.BaseHTTPRequestHandler):
    asked = []

    def do_GET(self):
        text = self.headers.get("x-ms-range") or ""
        self.asked.append(text)
        match = re.fullmatch(r"bytes=(\d+)-(\d+)", text)
        valid = match is not None and int(match[1]) <= int(match[2])
        first, last = (int(match[1]), min(int(match[2]), 9)) if valid else (0, 9)
        self.send_response(206 if valid else 200)
        if valid:
            self.send_header("Content-Range", f"bytes {first}-{last}/10")
        for name, value in (("ETag", '"1"'), ("Last-Modified", "Fri, 02 Jan 2026 12:00:00 GMT"), ("Content-Length", str(last - first + 1))):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(CONTENT[first:last + 1])

    def log_message(self, *words):
        pass

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
threading.Thread(target=server.serve_forever, daemon=True).start()
account = f"http://127.0.0.1:{server.server_port}/account"
key = {"credential": {"account_name": "account", "account_key": "a2V5"}, "retry_total": 0}
blob = BlobClient(account, "container", "blob", **key)
file = ShareFileClient(account, share_name="share", file_path="file", **key)
for name, download in (("blob", blob.download_blob), ("file", file.download_file)):
    for offset, length in ((2, 3), (0, 0), (4, 0)):
        try:
            answer = download(offset=offset, length=length).readall()
        except ValueError:
            answer = "ValueError"
        print(name, offset, length, Server.asked[-1], answer)
PY
v/bin/python read.py 2>/dev/null | tee seen
cat > expected <<'TEXT'
blob 2 3 bytes=2-4 b'234'
blob 0 0 bytes=0--1 ValueError
blob 4 0 bytes=4-3 ValueError
file 2 3 bytes=2-4 b'234'
file 0 0 bytes=0--1 ValueError
file 4 0 bytes=4-3 ValueError
TEXT
cmp -s expected seen || { echo "something else is asked for now"; exit 1; }
