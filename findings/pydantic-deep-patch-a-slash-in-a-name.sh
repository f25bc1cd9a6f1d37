#!/usr/bin/env bash
# pydantic-deep-patch 0.1.0 (PyPI), with jsonpatch 1.33 (PyPI) as a witness. Python 3.11 or newer.
#
# Input: a model with labels as Kubernetes and Azure's tags have them, `app.kubernetes.io/name`, of which one value is changed; diff(), and apply_patch() of the
# result to the same model. Then the same with the name `a~b` removed, and a patch that another program wrote, with ~1 for the slash.
# Guess: the path /labels/app.kubernetes.io~1name, and the new model.
# Seen: the path is /labels/app.kubernetes.io/name, two names for one, and its own apply_patch() ends with KeyError. A tilde stands as it is too.
# The other program's patch adds a second member called app.kubernetes.io~1name and leaves the old one alone, without a word.
# Expected: RFC 6902, 4: a path is a JSON Pointer; RFC 6901, 3: a slash in a name is ~1 and a tilde ~0. The package describes its patches as RFC 6902's.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check pydantic-deep-patch==0.1.0 jsonpatch==1.33 2>/dev/null
cat > patch.py <<'PY'
import jsonpatch
from pydantic import BaseModel
from pydantic_deep_patch import apply_patch, diff


class App(BaseModel):
    labels: dict[str, str]


def tried(app, patch):
    try:
        return apply_patch(app, patch).labels
    except KeyError as error:
        return repr(error)


for old, new in (({"app.kubernetes.io/name": "web"}, {"app.kubernetes.io/name": "api"}), ({"a~b": "1", "c": "2"}, {"c": "2"})):
    patch = diff(App(labels=old), App(labels=new))
    print(*(one.path for one in patch), "|", tried(App(labels=old), patch), "|", *(one["path"] for one in jsonpatch.make_patch({"labels": old}, {"labels": new})))
other = [{"op": "replace", "path": "/labels/app.kubernetes.io~1name", "value": "api"}]
print(tried(App(labels={"app.kubernetes.io/name": "web"}), other))
PY
v/bin/python patch.py | tee seen
cat > expected <<'TEXT'
/labels/app.kubernetes.io/name | KeyError('app.kubernetes.io') | /labels/app.kubernetes.io~1name
/labels/a~b | {'c': '2'} | /labels/a~0b
{'app.kubernetes.io/name': 'web', 'app.kubernetes.io~1name': 'api'}
TEXT
cmp -s expected seen || { echo "one of the two patches otherwise now"; exit 1; }
