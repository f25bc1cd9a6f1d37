#!/usr/bin/env bash
# dockerfile-parse 2.0.1 (PyPI), Python 3.11 or newer.
#
# Input: a Dockerfile with an ARG without a value, `FROM python:${VERSION:-3.12}`, and `ENV MODE=${MODE:-production}` below it.
# Guess: python:3.12 and production, or the text left as it is.
# Seen: the base image is `python::-3.12}` and the variable is `:-production}`. The name is replaced by nothing and the rest of the braces
# stays, in `baseimage`, `parent_images` and `envs` alike. No warning, no error.
# Expected: Dockerfile reference, "Environment replacement": ${variable:-word} is the word where the variable is not set. A reader that
# does not know the form returns the text untouched or says so; an image name that nobody wrote is looked up in a registry.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check dockerfile-parse==2.0.1 2>/dev/null
cat > read.py <<'PY'
import io
from dockerfile_parse import DockerfileParser

parser = DockerfileParser(fileobj=io.BytesIO(b"ARG VERSION\nFROM python:${VERSION:-3.12}\nENV MODE=${MODE:-production}\n"))
print(parser.baseimage, parser.parent_images, parser.envs["MODE"])
PY
v/bin/python read.py | tee seen
printf "%s\n" "python::-3.12} ['python::-3.12}'] :-production}" | cmp -s - seen || { echo "dockerfile-parse reads something else now"; exit 1; }
