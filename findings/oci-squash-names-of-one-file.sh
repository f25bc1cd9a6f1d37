#!/usr/bin/env bash
# oci-squash 0.1.0 (PyPI), Python 3.11 or newer; it works on what `docker save` writes and needs no engine.
#
# Input: an image of three layers, of which the last two are made one, `--from-layer 2`. The second has two files with two names each (hard links, as Debian's
# perl and git come), bin/tool and bin/tool-1, bin/other and bin/other-1, and a file notes.wh.txt. The third writes bin/tool anew and removes bin/other.
# Guess: tool is new, tool-1 is old, other is gone, other-1 and notes.wh.txt are as before: what a container of the image shows.
# Seen: tool-1 is new too, as it becomes a name of the file that replaced it; other-1 is gone together with the name that was removed; and so is notes.wh.txt,
# since any ".wh." in a name makes it a whiteout. "Squashed image Done."
# Expected: OCI image specification, "Image Layer Filesystem Changeset": a whiteout hides the one path that it names, and is a file whose name begins with
# ".wh."; a file that is replaced in an upper layer does not change its other names in the lower one.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check oci-squash==0.1.0 2>/dev/null
cat > make.py <<'PY'
import hashlib
import io
import json
import tarfile


def tar(entries):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, content in entries:
            member = tarfile.TarInfo(name)
            if isinstance(content, str):
                member.type, member.linkname = tarfile.LNKTYPE, content
                archive.addfile(member)
            else:
                member.size = len(content)
                archive.addfile(member, io.BytesIO(content))
    return out.getvalue()


layers = [
    tar([("base", b"base")]),
    tar([("bin/tool", b"old"), ("bin/tool-1", "bin/tool"), ("bin/other", b"other"), ("bin/other-1", "bin/other"), ("notes.wh.txt", b"notes")]),
    tar([("bin/tool", b"new"), ("bin/.wh.other", b"")]),
]
sums = [hashlib.sha256(layer).hexdigest() for layer in layers]
config = {"architecture": "amd64", "os": "linux", "created": "2026-01-01T00:00:00Z", "config": {}, "history": [{"created_by": f"step {n}"} for n in range(3)]}
config = json.dumps(config | {"rootfs": {"type": "layers", "diff_ids": ["sha256:" + one for one in sums]}}).encode()
manifest = [{"Config": "config.json", "RepoTags": ["web:1"], "Layers": [f"{one}/layer.tar" for one in sums]}]
files = [(f"{one}/layer.tar", layer) for one, layer in zip(sums, layers)] + [("config.json", config), ("manifest.json", json.dumps(manifest).encode())]
open("web.tar", "wb").write(tar(files))
PY
v/bin/python make.py
v/bin/oci-squash --from-layer 2 --tag web:2 --output-path squashed.tar web.tar 2> log
cat > show.py <<'PY'
import io
import json
import tarfile

image = tarfile.open("squashed.tar")
(entry,) = json.load(image.extractfile("manifest.json"))
found = {}
for layer in entry["Layers"]:
    archive = tarfile.open(fileobj=io.BytesIO(image.extractfile(layer).read()))
    found |= {member.name: archive.extractfile(member).read().decode() for member in archive}
for name in ("base", "bin/tool", "bin/tool-1", "bin/other", "bin/other-1", "notes.wh.txt"):
    print(name, found.get(name, "is not there"))
PY
v/bin/python show.py | tee seen
cat > expected <<'TEXT'
base base
bin/tool new
bin/tool-1 new
bin/other is not there
bin/other-1 is not there
notes.wh.txt is not there
TEXT
cmp -s expected seen || { echo "oci-squash makes something else now"; exit 1; }
