#!/usr/bin/env bash
# python-dxf 12.1.1 (PyPI) with docker-registry 2.8.2+ds1-1 (Debian 12; Docker distribution 2.8.2), Python 3.11 or newer.
#
# Input: one manifest that is pushed under two aliases (tags), 1.2 and latest; then `del_alias("1.2")`.
# Guess: 1.2 is gone and latest stays; or the registry refuses, since this one cannot delete a tag.
# Seen: both are gone. The alias is looked up and the manifest it points to is deleted by its digest, and with it every other tag of the same image.
# The command `dxf del-alias` is the same call. What is returned are the hashes of the blobs, as if one name had been taken away.
# Expected: OCI distribution specification, "Deleting tags" and "Deleting Manifests" are two requests: DELETE with a tag removes the tag. The
# documentation of del_alias says that it deletes an alias and that the blobs stay, and says nothing of other aliases.
#
# Exit status 0: this is still so. 1: it is not, look again. 2: this is no Debian 12.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check python-dxf==12.1.1 2>/dev/null
apt-get download docker-registry=2.8.2+ds1-1 >/dev/null 2>&1 || { echo "Debian has no such docker-registry here"; exit 2; }
dpkg-deb -x ./*.deb root
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
printf 'version: 0.1\nlog: {level: error, accesslog: {disabled: true}}\nstorage: {filesystem: {rootdirectory: %s/data}, delete: {enabled: true}}\nhttp: {addr: "127.0.0.1:%s"}\n' "$folder" "$port" > config.yml
root/usr/bin/docker-registry serve config.yml >/dev/null 2>&1 & server=$!
for _ in $(seq 100); do (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break; sleep 0.1; done
cat > delete.py <<'PY'
import sys
from dxf import DXF
from dxf.exceptions import DXFError
from requests import HTTPError

repository = DXF(f"127.0.0.1:{sys.argv[1]}", "team/api", insecure=True)
open("layer", "w").write("hello")
blob = repository.push_blob("layer")
for alias in ("1.2", "latest"):
    repository.set_alias(alias, blob)

def known():
    """The aliases whose manifest can be had."""
    for alias in ("1.2", "latest"):
        try:
            repository.get_manifest(alias)
            yield alias
        except (DXFError, HTTPError):
            pass

print("before", *known())
repository.del_alias("1.2")
print("after", *known())
PY
v/bin/python delete.py "$port" | tee seen
printf 'before 1.2 latest\nafter\n' | cmp -s - seen || { echo "dxf deletes something else now"; exit 1; }
