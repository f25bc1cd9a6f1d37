"""Resources that are added from a list which is written out, with the parsers that their classes keep."""

from __future__ import annotations

from pathlib import Path

from tests.source.api.test_frameworks import read

WRITTEN_OUT = """
    from flask import Flask
    from flask_restful import Api
    from resources import *
    from tables import ROUTES
    app = Flask(__name__)
    api = Api(app)
    for resource, path in [(Item, "/items/<string:name>"), (SignIn, "/login")]:
        api.add_resource(resource, path)
    [api.add_resource(*route) for route in ROUTES]
    for path, resource in {"/by-name": Item}.items():
        api.add_resource(resource, path)
    for resource, path in load():
        api.add_resource(resource, path)
"""
RESOURCES = """
    from flask_restful import Resource, reqparse
    class Item(Resource):
        parser = reqparse.RequestParser()
        parser.add_argument("price", type=float, required=True)
        def put(self, name=""):
            return Item.parser.parse_args()
    class SignIn(Resource):
        def __init__(self):
            self.parser = reqparse.RequestParser()
            self.parser.add_argument("email", type=str, required=True)
        def post(self):
            data = self.parser.parse_args()
            return {"token": create_access_token(data["email"])}
"""
TABLES = """
    from resources import Item
    ROUTES = ((Item, "/first"), (Item, "/second", "/third/<int:number>"))
"""


def test_resources_in_a_list_that_is_written_out_with_the_parsers_that_classes_keep(tmp_path: Path) -> None:
    reading = read(tmp_path, app=WRITTEN_OUT, resources=RESOURCES, tables=TABLES)
    bodies = {f"{route.method} {route.path}": route.body for route in reading.routes}
    places = ("/items/<string:name>", "/first", "/second", "/third/<int:number>", "/by-name")
    assert bodies == {f"PUT {place}": {"price": 1} for place in places} | {"POST /login": {"email": "anna@example.com"}}
    [sign_in] = [route.sign_in for route in reading.routes if route.sign_in is not None]
    assert (sign_in.token, sign_in.keys, sign_in.is_form) == ("$.token", ("email",), False)
    assert reading.passed_over == ["app.py:14: api.add_resource(resource, path)"]
