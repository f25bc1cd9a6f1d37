#!/usr/bin/env bash
# docker-registry 2.8.2+ds1-1 (Debian 12; Docker distribution 2.8.2), and Python 3.
#
# Input: a blob that is uploaded in chunks. The first chunk is sent twice with the same `Content-Range: 0-49`, as a client does whose
# connection broke before it had the answer; then comes `Content-Range: 70-99`, which leaves a gap.
# Guess: 416 for both, with the range that has arrived.
# Seen: 202 and `Range: 0-99` for the repeated chunk: the bytes are there twice. 202 and `Range: 0-129` for the one after the gap. The header is
# not compared with what has arrived; the upload fails only at its end, with DIGEST_INVALID, when all has to be sent again.
# Expected: OCI distribution specification, "Pushing a blob in chunks": the first chunk begins with 0, chunks go in order, and a chunk out
# of order must be answered with 416 Requested Range Not Satisfiable, after which the client asks for the state and goes on from there.
#
# Exit status 0: this is still so. 1: it is not, look again. 2: this is no Debian 12.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
apt-get download docker-registry=2.8.2+ds1-1 >/dev/null 2>&1 || { echo "Debian has no such docker-registry here"; exit 2; }
dpkg-deb -x ./*.deb root
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
printf 'version: 0.1\nlog: {level: error, accesslog: {disabled: true}}\nstorage: {filesystem: {rootdirectory: %s/data}}\nhttp: {addr: "127.0.0.1:%s"}\n' "$folder" "$port" > config.yml
root/usr/bin/docker-registry serve config.yml >/dev/null 2>&1 & server=$!
cat > upload.py <<'PY'
import hashlib, http.client, sys, time

def ask(method, path, body=None, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]))
    connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    answer.text = answer.read().decode()
    answer.place = answer.headers.get("Location", "").partition(sys.argv[1])[2]
    return answer

for _ in range(100):
    try:
        ask("GET", "/v2/")
        break
    except OSError:
        time.sleep(0.1)
blob = bytes(range(100))
place = ask("POST", "/v2/api/blobs/uploads/").place
for first, last in ((0, 49), (0, 49), (70, 99)):
    answer = ask("PATCH", place, blob[first : last + 1], Content_Type="application/octet-stream", Content_Range=f"{first}-{last}")
    place = answer.place
    print(f"{first}-{last}", answer.status, answer.headers["Range"])
answer = ask("PUT", place + "&digest=sha256:" + hashlib.sha256(blob).hexdigest())
print("end", answer.status, "DIGEST_INVALID" in answer.text)
PY
python3 upload.py "$port" | tee seen
printf '0-49 202 0-49\n0-49 202 0-99\n70-99 202 0-129\nend 400 True\n' | cmp -s - seen || { echo "the registry answers something else now"; exit 1; }
