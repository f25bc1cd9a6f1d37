#!/usr/bin/env bash
# APIFlask 3.1.2 (PyPI), Python 3.11 or newer.
#
# Input: routes with `<int:number>`, `<int(min=1):number>`, `<int(signed=True):number>`, `<float:price>` and `<float(min=0):price>`.
# Guess: integer, integer, integer, number and number in the OpenAPI document, the limits beside them or not.
# Seen: integer and number for the two without arguments; the other three are documented as strings, while Flask answers 404 to anything but a number
# there. Clients that are generated from the document send and check text.
# Expected: Werkzeug's documentation, "Rule Format": a converter's arguments stand in parentheses and narrow the same type. APIFlask's documentation
# says that the type of a path variable is taken from the URL converter; flask-smorest (PyPI) gives integer with its minimum.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check APIFlask==3.1.2 Flask==3.1.3 2>/dev/null
cat > document.py <<'PY'
from apiflask import APIFlask

app = APIFlask("orders")
for index, variable in enumerate(("int:number", "int(min=1):number", "int(signed=True):number", "float:price", "float(min=0):price")):
    app.get(f"/{index}/<{variable}>", endpoint=f"view{index}")(lambda **values: "ok")
with app.app_context():
    paths = app.spec["paths"]
for rule in sorted(app.url_map.iter_rules(), key=str):
    path = rule.rule.replace("<", "{").replace(">", "}").partition("{")[0]
    for documented, item in paths.items():
        if documented.startswith(path) and path != "/":
            print(rule.rule, item["get"]["parameters"][0]["schema"]["type"])
client = app.test_client()
print(client.get("/1/many").status_code, client.get("/1/7").status_code)
PY
v/bin/python document.py | grep -v static | tee seen
cat > expected <<'TEXT'
/0/<int:number> integer
/1/<int(min=1):number> string
/2/<int(signed=True):number> string
/3/<float:price> number
/4/<float(min=0):price> string
404 200
TEXT
cmp -s expected seen || { echo "APIFlask documents something else now"; exit 1; }
