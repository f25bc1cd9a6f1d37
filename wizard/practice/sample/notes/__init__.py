"""The sample API of azwizard: notes kept in SQLite, a log file, and a key without which nobody reads them."""

import hmac
import logging
import os
import sqlite3

from flask import Flask, Response, abort, g, jsonify, request

DATABASE = os.environ.get("DATABASE_PATH", "notes.db")
LOG = os.environ.get("LOG_PATH", "notes.log")


def database() -> sqlite3.Connection:
    """The request's own connection."""
    if "database" not in g:
        g.database = sqlite3.connect(DATABASE)
        g.database.row_factory = sqlite3.Row
    connection: sqlite3.Connection = g.database
    return connection


def require_key() -> None:
    """Turn away whoever does not send the key, except for the question whether the API is well."""
    given = request.headers.get("X-Api-Key", "")
    if request.path != "/health" and not hmac.compare_digest(given.encode(), os.environ["API_KEY"].encode()):
        abort(401)


def health() -> Response:
    return jsonify(status="ok")


def write_note() -> tuple[Response, int]:
    text = (request.get_json(silent=True) or {}).get("text")
    if not isinstance(text, str) or not text:
        abort(400)
    connection = database()
    cursor = connection.execute("INSERT INTO notes (text) VALUES (?)", (text,))
    connection.commit()
    logging.info("note %s written", cursor.lastrowid)
    return jsonify(id=cursor.lastrowid, text=text), 201


def read_notes() -> Response:
    return jsonify([dict(row) for row in database().execute("SELECT id, text FROM notes ORDER BY id")])


def close_database(_error: BaseException | None) -> None:
    if "database" in g:
        g.pop("database").close()


def create_app() -> Flask:
    """The API, ready for a server; makes its table on first use."""
    app = Flask(__name__)
    logging.basicConfig(filename=LOG, level=logging.INFO)
    with app.app_context():
        database().execute("CREATE TABLE IF NOT EXISTS notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL)")
        database().commit()
    app.before_request(require_key)
    app.teardown_appcontext(close_database)
    app.get("/health")(health)
    app.post("/notes")(write_note)
    app.get("/notes")(read_notes)
    return app
