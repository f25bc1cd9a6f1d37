#!/usr/bin/env bash
# docker-registry 2.8.2+ds1-1 (Debian 12; Docker distribution 2.8.2), and Python 3.
#
# Input: an image whose manifest is of OCI's media type, pushed by tag. It is then read with no Accept header, with `Accept: */*`, and with
# `Accept: application/vnd.oci.image.manifest.v1+json`.
# Guess: 200 each time.
# Seen: 404 for the first two, MANIFEST_UNKNOWN, "OCI manifest found, but accept header does not support OCI manifests". Only the type by
# name gets 200, though the tag is in tags/list. A HEAD that asks whether a tag exists is told that it does not.
# Expected: RFC 9110, 12.5.1: a request without Accept takes any media type, and */* names all of them. What is found and cannot be shown as
# asked is 406 or given anyway; 404 says that there is none, and clients that push "only where it is missing" push again.
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
cat > push.py <<'PY'
import hashlib, http.client, json, sys, time

KIND = "application/vnd.oci.image.manifest.v1+json"

def ask(method, path, body=None, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]))
    connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    answer.read()
    return answer

for _ in range(100):
    try:
        ask("GET", "/v2/")
        break
    except OSError:
        time.sleep(0.1)
digest = "sha256:" + hashlib.sha256(b"{}").hexdigest()
place = ask("POST", "/v2/api/blobs/uploads/").headers["Location"]
ask("PUT", place[place.index("/v2/") :] + "&digest=" + digest, b"{}")
config = {"mediaType": "application/vnd.oci.image.config.v1+json", "size": 2, "digest": digest}
manifest = json.dumps({"schemaVersion": 2, "mediaType": KIND, "config": config, "layers": []})
print("PUT", ask("PUT", "/v2/api/manifests/v1", manifest, Content_Type=KIND).status)
print("HEAD", *(ask("HEAD", "/v2/api/manifests/v1", **accept).status for accept in ({}, {"Accept": "*/*"}, {"Accept": KIND})))
PY
python3 push.py "$port" | tee seen
printf 'PUT 201\nHEAD 404 404 200\n' | cmp -s - seen || { echo "the registry answers something else now"; exit 1; }
