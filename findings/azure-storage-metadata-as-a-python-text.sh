#!/usr/bin/env bash
# azure-storage-file-share 12.27.1, azure-storage-queue 12.18.1 and azure-storage-blob 12.31.1 (PyPI), Python 3.11 or newer.
#
# Input: metadata={"owner": "ada"} for a new file, share, queue and container, and for set_file_metadata() and set_directory_metadata().
# Guess: one header, `x-ms-meta-owner: ada`, six times.
# Seen: file, share, queue and set_file_metadata() send two: that one, and `x-ms-meta: {'owner': 'ada'}`, the dict as Python prints it. A new file without
# values sends `x-ms-meta: {}` for metadata={}. The header has no name of a value in it, and it is in what the request's signature is made of. Container
# and set_directory_metadata() send the one header. A recorder, a proxy's log or an emulator that splits at the prefix has a value with an empty name.
# Expected: Storage service REST documentation, "Setting and retrieving properties and metadata": a header is x-ms-meta-name:string-value, and names
# follow the rules for C# identifiers. The SDKs' sources have one place for it, and the blob client shows what is meant.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check azure-storage-file-share==12.27.1 azure-storage-queue==12.18.1 azure-storage-blob==12.31.1 2>/dev/null
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
from azure.storage.blob import ContainerClient
from azure.storage.fileshare import ShareClient, ShareDirectoryClient, ShareFileClient
from azure.storage.queue import QueueClient

OWNER = {"owner": "ada"}
file = ShareFileClient(account, share_name="share", file_path="file", **key)
folder = ShareDirectoryClient(account, share_name="share", directory_path="folder", **key)
calls = {
    "container": lambda: ContainerClient(account, "container", **key).create_container(metadata=OWNER),
    "share": lambda: ShareClient(account, "share", **key).create_share(metadata=OWNER),
    "queue": lambda: QueueClient(account, "queue", **key).create_queue(metadata=OWNER),
    "file": lambda: file.create_file(1, metadata=OWNER),
    "set file": lambda: file.set_file_metadata(OWNER),
    "set folder": lambda: folder.set_directory_metadata(OWNER),
}
for name, call in calls.items():
    try:
        call()
    except Exception:
        pass  # 201 is not the status that every one of them waits for; what was sent is what counts
    headers = Mirror.seen[-1][2]
    print(f"{name}:", *sorted(f"{header.lower()}={value}" for header, value in headers.items() if header.lower().startswith("x-ms-meta")))
PY
v/bin/python send.py 2>/dev/null | tee seen
cat > expected <<'TEXT'
container: x-ms-meta-owner=ada
share: x-ms-meta-owner=ada x-ms-meta={'owner': 'ada'}
queue: x-ms-meta-owner=ada x-ms-meta={'owner': 'ada'}
file: x-ms-meta-owner=ada x-ms-meta={'owner': 'ada'}
set file: x-ms-meta-owner=ada x-ms-meta={'owner': 'ada'}
set folder: x-ms-meta-owner=ada
TEXT
cmp -s expected seen || { echo "the metadata is sent in another way now"; exit 1; }
