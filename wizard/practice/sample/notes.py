"""A small notes API: its notes are kept in SQLite on one file share, its log on another, and writing takes a key from the vault."""

from __future__ import annotations

import logging
import os
import secrets
import sqlite3
from pathlib import Path

from flask import Flask, Response, abort, jsonify, request

DATABASE = Path(os.environ.get("NOTES_DATABASE", "data/notes.db"))
LOG = Path(os.environ.get("NOTES_LOG", "logs/notes.log"))


def create_app() -> Flask:
    """The API; it needs the variable NOTES_KEY, which whoever writes must send as ``X-Notes-Key``."""
    app = Flask(__name__)
    key = os.environ["NOTES_KEY"]
    logging.basicConfig(filename=LOG, level=logging.INFO, format="%(asctime)s %(message)s")
    with connected() as database:
        database.execute("CREATE TABLE IF NOT EXISTS notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL)")

    @app.get("/health")
    def health() -> Response:
        with connected() as database:
            (count,) = database.execute("SELECT count(*) FROM notes").fetchone()
        return jsonify(status="ok", notes=count)

    @app.get("/notes")
    def every() -> Response:
        with connected() as database:
            rows = database.execute("SELECT id, text FROM notes ORDER BY id").fetchall()
        return jsonify([{"id": number, "text": text} for number, text in rows])

    @app.post("/notes")
    def add() -> tuple[Response, int]:
        if not secrets.compare_digest(request.headers.get("X-Notes-Key", "").encode(), key.encode()):
            abort(401)
        text = (request.get_json(silent=True) or {}).get("text")
        if not text:
            abort(400)
        with connected() as database:
            number = database.execute("INSERT INTO notes (text) VALUES (?)", (text,)).lastrowid
        logging.info("note %s added", number)
        return jsonify(id=number, text=text), 201

    return app


def connected() -> sqlite3.Connection:
    """The database; as a context manager it commits, or takes everything back after an error."""
    return sqlite3.connect(DATABASE)


app = create_app()
