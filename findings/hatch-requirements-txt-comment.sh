#!/usr/bin/env bash
# hatch-requirements-txt 0.4.1 (PyPI) with hatchling 1.27.0 (PyPI) and pip 24.0 (PyPI) as a witness, Python 3.11 or newer.
#
# Input: requirements.txt with a comment that ends with a backslash (`# wheels are in C:\wheels\`) and two requirements below it; a project whose
# dependencies come from that file.
# Guess: the wheel depends on both.
# Seen: the first one, which follows the comment, is not in the wheel's metadata. Nothing is reported; the installed program fails with an
# ImportError on another machine.
# Expected: pip's documentation, "Requirements File Format": a line that ends with an unescaped \ goes on, and a line that begins with # is a comment;
# pip's own parser, from which the plugin takes its pattern for comments, does not continue comment lines and finds both.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check hatch-requirements-txt==0.4.1 hatchling==1.27.0 pip==24.0 2>/dev/null
mkdir orders
touch orders/__init__.py
cat > pyproject.toml <<'TOML'
[build-system]
requires = ["hatchling", "hatch-requirements-txt"]
build-backend = "hatchling.build"

[project]
name = "orders"
version = "1"
dynamic = ["dependencies"]

[tool.hatch.metadata.hooks.requirements_txt]
files = ["requirements.txt"]
TOML
printf '%s\n' '# wheels are in C:\wheels\' flask gunicorn > requirements.txt
v/bin/hatchling build -t wheel >/dev/null 2>&1
{
  unzip -p dist/*.whl '*/METADATA' | grep '^Requires-Dist'
  v/bin/python -c 'from pip._internal.network.session import PipSession; from pip._internal.req import parse_requirements
print("pip", *(line.requirement for line in parse_requirements("requirements.txt", session=PipSession())))'
} | tee seen
printf 'Requires-Dist: gunicorn\npip flask gunicorn\n' | cmp -s - seen || { echo "one of the two reads something else now"; exit 1; }
