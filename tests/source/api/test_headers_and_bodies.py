"""What a view reads and refuses: headers, sign-in, the body that it accepts."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.source.api.test_frameworks import only, read
from wizard.source.api.routes import read_api

HEADERS = {
    "written to an answer": (
        "@app.after_request\ndef safe(response):\n    response.headers['X-Frame-Options'] = 'DENY'\n    return response",
        (),
    ),
    "read from another answer": ("def ask():\n    return requests.get('https://x').headers['X-Rate']", ()),
    "read by a view that is another": ("@app.get('/b')\ndef b():\n    return request.headers['X-Other']", ()),
    "read by what it calls": ("def helper():\n    return request.headers.get('X-Key')", ("X-Key",)),
    "read before every request": ("@app.before_request\ndef key():\n    flask.request.headers.get('X-Key')", ("X-Key",)),
    "read before those of another blueprint": (
        "bp = Blueprint('b', __name__)\n@bp.before_request\ndef key():\n    request.headers.get('X-Key')",
        (),
    ),
}


@pytest.mark.parametrize("case", HEADERS)
def test_headers_are_those_that_the_view_reads(tmp_path: Path, case: str) -> None:
    text, headers = HEADERS[case]
    (tmp_path / "app.py").write_text(f"app = Flask(__name__)\n{text}\n@app.get('/a')\ndef a():\n    return {{'x': helper()}}\n")
    assert next(route for route in read_api(tmp_path).routes if route.path == "/a").headers == headers


SESSION = "    if 'user' not in session:\n        return {'error': 'sign in'}, 401\n    return {}\n"


GUARDS = {
    "in the view": f"@app.get('/a')\ndef a():\n{SESSION}",
    "in a decorator": "def needs_user(view):\n    @wraps(view)\n    def inner(*args, **more):\n        if not g.user:\n"
    "            return jsonify(error='no'), 401\n        return view(*args, **more)\n    return inner\n"
    "@app.get('/a')\n@needs_user\ndef a():\n    return {}\n",
    "before the request": "@app.before_request\n"
    "def check():\n    if 'user' not in session:\n        return {}, 401\n@app.get('/a')\ndef a():\n    return {}\n",
    "in flask_login": "from flask_login import login_required\n@app.get('/a')\n@login_required\ndef a():\n    return {}\n",
    "in flask_httpauth": "@app.get('/a')\n@auth.login_required\ndef a():\n    return {}\n",
}


@pytest.mark.parametrize("case", GUARDS)
def test_who_is_not_signed_in_gets_401(tmp_path: Path, case: str) -> None:
    assert only(read(tmp_path, app=f"app = Flask(__name__)\n{GUARDS[case]}")).statuses == (200, 401)


BODIES = {
    "item = request.json['item']": {"item": "text"},
    "body = request.get_json() or {}\n    n = int(body['number'])": {"number": 1},
    "body = request.get_json()\n    if body['size'] not in ('small', 'large'): abort(400)": {"size": "small"},
    "body = request.json\n    if not isinstance(body.get('on'), bool): abort(400)": {"on": True},
    "body = request.json\n    count = body.get('count', 5)": {"count": 5},
    "body = request.json\n    n = body['n']\n    if n < 3: abort(400)": {"n": 3},
    "body = request.json\n    for line in body['lines']: print(line)": {"lines": ["text"]},
    "body = request.json\n    if 'email' not in body: abort(400)": {"email": "anna@example.com"},
    "body = request.json\n    kind = body.pop('kind')\n    if kind == 'new': note(body.pop('thing'))": {"kind": "new", "thing": "text"},
    "pass": None,
}


@pytest.mark.parametrize("code", BODIES)
def test_the_body_is_one_that_the_view_accepts(tmp_path: Path, code: str) -> None:
    (tmp_path / "app.py").write_text(f"@app.post('/a')\ndef a():\n    {code}\n    return {{}}, 201\n")
    assert only(read_api(tmp_path)).body == BODIES[code]
