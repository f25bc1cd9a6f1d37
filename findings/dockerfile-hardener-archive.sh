#!/usr/bin/env bash
# dockerfile-hardener 1.0.2 (PyPI), Python 3.11 or newer.
#
# Input: a Dockerfile with `ADD site.tar.gz /srv/`, which unpacks the archive, and `ADD notes.txt /srv/`; `dockerfile-hardener fix`.
# Guess: the second becomes a COPY; the first stays, or is reported for a person to decide.
# Seen: both become COPY. The image then has the file /srv/site.tar.gz where it had the archive's content. The build succeeds.
# Expected: Dockerfile reference, ADD: a local archive of a known kind is unpacked into a directory; COPY never unpacks. Docker's own advice
# to prefer COPY excepts exactly this, and hadolint's rule of the same aim (DL3020) leaves archives alone.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check dockerfile-hardener==1.0.2 2>/dev/null
printf 'FROM debian:12\nADD site.tar.gz /srv/\nADD notes.txt /srv/\nCMD ["true"]\n' > Dockerfile
v/bin/dockerfile-hardener fix Dockerfile >/dev/null 2>&1
grep -E 'site|notes' Dockerfile | tee seen
printf 'COPY site.tar.gz /srv/\nCOPY notes.txt /srv/\n' | cmp -s - seen || { echo "dockerfile-hardener writes something else now"; exit 1; }
