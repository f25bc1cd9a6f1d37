#!/usr/bin/env bash
# dockerfile-doctor 0.1.5 (PyPI), with dockerfile 3.4.0 (PyPI; BuildKit's own parser) as a witness. Python 3.11 or newer, amd64.
#
# Input: a RUN whose here-document has two lines, `apt-get update` and `apt-get install -y curl`; `dockerfile-doctor --fix`.
# Guess: the list of packages is removed in a third line of the document, or the file is left alone and the finding reported.
# Seen: the removal is written behind the document's beginning: `RUN <<EOF \` and `&& rm -rf /var/lib/apt/lists/*`. To BuildKit the instruction is now
# the shell command `<<EOF && rm -rf ...`, whose input is the document: the two lines are read by nobody, and curl is not installed. The
# build succeeds.
# Expected: Dockerfile reference, "Here-documents": RUN <<EOF runs the document; with a command beside it the document is that command's
# input. --help calls what --fix does safe.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check --only-binary :all: dockerfile-doctor==0.1.5 dockerfile==3.4.0 2>/dev/null
printf 'FROM debian:12\nRUN <<EOF\napt-get update\napt-get install -y curl\nEOF\n' > Dockerfile
cat > told.py <<'PY'
import dockerfile

for command in dockerfile.parse_file("Dockerfile"):
    if command.cmd.upper() == "RUN":
        print(" ".join(command.value[0].split()))
PY
{
  v/bin/python told.py
  v/bin/dockerfile-doctor --fix --quiet Dockerfile >/dev/null 2>&1 || true
  v/bin/python told.py
} | tee seen
grep -q 'apt-get install -y curl' Dockerfile
printf '<<EOF\n<<EOF && rm -rf /var/lib/apt/lists/*\n' | cmp -s - seen || { echo "dockerfile-doctor writes something else now"; exit 1; }
