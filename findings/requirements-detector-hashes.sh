#!/usr/bin/env bash
# requirements-detector 1.6.0 (PyPI), Python 3.11 or newer.
#
# Input: a requirements.txt as pip-compile and uv write it with --generate-hashes, the hash on a continued line below the pin; then one line with
# pin and hash; then the pin alone.
# Guess: flask==3.0 and gunicorn==23.0, three times.
# Seen: the requirement with a hash is missing from the first two lists, and nothing is said. A project all of whose pins have hashes has an empty
# list. The lines of the hashes themselves are known and skipped; the pin before them, which ends with a backslash, is not read.
# Expected: pip's documentation, "Requirements File Format" and "Secure installs": a backslash continues the line, --hash is an option of the
# requirement before it. A comment in the package's code names such files, as poetry exports them, as what it reads.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check requirements-detector==1.6.0 2>/dev/null
cat > read.py <<'PY'
from requirements_detector.detect import from_requirements_txt

HASH = f"--hash=sha256:{'ab' * 32}"
for pin in (f"flask==3.0 \\\n    {HASH} \\\n    {HASH}", f"flask==3.0 {HASH}", "flask==3.0"):
    with open("requirements.txt", "w") as file:
        file.write(f"{pin}\ngunicorn==23.0\n")
    print(*from_requirements_txt("requirements.txt"))
PY
v/bin/python read.py | tee seen
printf 'gunicorn==23.0\ngunicorn==23.0\nflask==3.0 gunicorn==23.0\n' | cmp -s - seen || { echo "requirements-detector finds something else now"; exit 1; }
