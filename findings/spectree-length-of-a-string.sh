#!/usr/bin/env bash
# spectree 3.0.0 (PyPI), with flask-smorest 0.47.0 (PyPI) as a witness, Python 3.11 or newer.
#
# Input: Flask routes with `<string(length=2):language>` and `<string(minlength=1, maxlength=3):word>`.
# Guess: minLength and maxLength in the OpenAPI document, as `<int(min=1, max=9):number>` gets its minimum and maximum.
# Seen: the first has `length: 2`, a key that JSON Schema does not have, so every reader ignores it; the second has nothing. Flask answers 404 to a
# longer text in both.
# Expected: OpenAPI 3.1, "Schema Object", which is JSON Schema 2020-12: the keywords are minLength and maxLength, and a keyword that is not known says
# nothing. flask-smorest writes them for the same two routes.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check spectree==3.0.0 pydantic==2.14.4 flask-smorest==0.47.0 Flask==3.1.3 2>/dev/null
cat > document.py <<'PY'
from flask import Flask
from flask_smorest import Api, Blueprint
from spectree import SpecTree

VARIABLES = ("string(length=2):language", "string(minlength=1, maxlength=3):word", "int(min=1, max=9):number")

def told(program, paths):
    for path in sorted(paths):
        parameters = paths[path].get("parameters", []) + paths[path]["get"].get("parameters", [])
        print(program, path, dict(sorted(parameters[0]["schema"].items())))

app = Flask("spectree")
tree = SpecTree("flask")
for index, variable in enumerate(VARIABLES):
    def view(**values):
        return "ok"
    view.__name__ = f"view{index}"
    app.get(f"/{index}/<{variable}>")(tree.validate()(view))
tree.register(app)
with app.app_context():
    told("spectree", tree.spec["paths"])

other = Flask("smorest")
other.config.update(API_TITLE="orders", API_VERSION="1", OPENAPI_VERSION="3.1.0")
blueprint = Blueprint("orders", "orders")
for index, variable in enumerate(VARIABLES):
    blueprint.route(f"/{index}/<{variable}>", endpoint=f"view{index}")(lambda **values: "ok")
api = Api(other)
api.register_blueprint(blueprint)
told("flask-smorest", api.spec.to_dict()["paths"])
PY
v/bin/python document.py | tee seen
cat > expected <<'TEXT'
spectree /0/{language} {'length': 2, 'type': 'string'}
spectree /1/{word} {'type': 'string'}
spectree /2/{number} {'format': 'int32', 'maximum': 9, 'minimum': 1, 'type': 'integer'}
flask-smorest /0/{language} {'maxLength': 2, 'minLength': 2, 'type': 'string'}
flask-smorest /1/{word} {'maxLength': 3, 'minLength': 1, 'type': 'string'}
flask-smorest /2/{number} {'maximum': 9, 'minimum': 1, 'type': 'integer'}
TEXT
cmp -s expected seen || { echo "one of the two documents something else now"; exit 1; }
