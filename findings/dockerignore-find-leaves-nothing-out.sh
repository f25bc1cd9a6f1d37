#!/usr/bin/env bash
# dockerignore-find 0.1.0 (PyPI), with docker 7.1.0 (PyPI; the Docker SDK, which has the same task for its builds) as a witness. Python 3.11 or newer.
#
# Input: a folder with app.py, secret.env, node_modules/a.js and docs/guide.md, and a .dockerignore of `node_modules`, `secret.env`, `*.md` and an empty line.
# Guess: app.py and docs/guide.md, as `*.md` holds at the top only; and the .dockerignore itself.
# Seen: app.py, node_modules/a.js and secret.env: the two names leave nothing out, since each is compared with a path that begins with ./, while the star
# goes over slashes and so takes docs/guide.md. What is listed for a build is what was not to be in it, and the other way round.
# Expected: Docker's documentation, "Dockerignore files": patterns are matched with Go's filepath.Match against paths relative to the context's root, a star stops at a
# slash, and empty lines are passed over.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check dockerignore-find==0.1.0 docker==7.1.0 2>/dev/null
mkdir -p context/node_modules context/docs
cd context
touch app.py secret.env node_modules/a.js docs/guide.md
printf 'node_modules\nsecret.env\n*.md\n\n' > .dockerignore
cat > ../list.py <<'PY'
import pathlib

import dockerignore_find
from docker.utils import build

print("dockerignore-find", *sorted(path.removeprefix("./") for path in dockerignore_find.find_with_dockerignore(".", *dockerignore_find.read_dockerignore("."))))
patterns = pathlib.Path(".dockerignore").read_text().splitlines()
print("docker", *sorted(path for path in build.exclude_paths(".", [line for line in patterns if line]) if pathlib.Path(path).is_file()))
PY
../v/bin/python ../list.py | tee ../seen
cd ..
cat > expected <<'TEXT'
dockerignore-find .dockerignore app.py node_modules/a.js secret.env
docker .dockerignore app.py docs/guide.md
TEXT
cmp -s expected seen || { echo "one of the two lists something else now"; exit 1; }
