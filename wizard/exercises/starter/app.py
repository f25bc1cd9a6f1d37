"""A small API to exercise on: it greets, and counts its visits where it is told of a database."""

import os
import sqlite3

from flask import Flask, Response, jsonify

VERSION = 1
DATABASE = os.environ.get("DATABASE_PATH", "")

app = Flask(__name__)

if DATABASE:
    with sqlite3.connect(DATABASE) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS visits (at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP)")


@app.get("/health")
def health() -> Response:
    return jsonify(status="ok")


@app.get("/")
def greet() -> Response:
    return jsonify(version=VERSION, greeting="Hello")
