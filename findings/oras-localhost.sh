#!/usr/bin/env bash
# oras 0.2.43 (PyPI), Python 3.11 or newer.
#
# Input: `localhost/team/api:1`, an image on the registry of this machine at its usual port, and `localhost:5000/team/api:1`.
# Guess: the registry is localhost for the first and localhost:5000 for the second.
# Seen: the first is `team/api` below the name space "localhost" on docker.io, so a push that was meant for this machine goes to Docker Hub.
# Expected: distribution's reference rules, which Docker, podman and containerd follow: the first part is a host where it has a dot or a
# colon or is the word localhost. docker-image-py (PyPI) and docker's own resolve_repository_name say so of the same name.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check oras==0.2.43 docker==7.2.0 2>/dev/null
cat > read.py <<'PY'
from docker.auth import resolve_repository_name
from oras.container import Container

for name in ("localhost/team/api:1", "localhost:5000/team/api:1"):
    image = Container(name)
    print("oras", image.registry, image.namespace, image.repository, "docker-py", *resolve_repository_name(name))
PY
v/bin/python read.py | tee seen
cat > expected <<'TEXT'
oras docker.io localhost/team api docker-py localhost team/api:1
oras localhost:5000 team api docker-py localhost:5000 team/api:1
TEXT
cmp -s expected seen || { echo "one of the two reads something else now"; exit 1; }
