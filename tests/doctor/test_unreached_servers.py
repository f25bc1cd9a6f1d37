"""An API whose database is not there: its code is not blamed for it."""

from __future__ import annotations

import pytest

from wizard.doctor.probe_causes import api_error, ends_without_server

LINES = [
    "redis.exceptions.ConnectionError: Error 111 connecting to localhost:6379. Connection refused.",
    "redis.exceptions.ConnectionError: Error -2 connecting to redis:6379. Name or service not known.",
    'sqlalchemy.exc.OperationalError: (psycopg2.OperationalError) could not translate host name "db" to address',
    "pymysql.err.OperationalError: (2003, \"Can't connect to MySQL server on 'db' ([Errno -3] Temporary failure in name resolution)\")",
    "pymongo.errors.ServerSelectionTimeoutError: localhost:27017: [Errno 111] Connection refused",
]


@pytest.mark.parametrize("line", LINES)
def test_a_server_that_is_not_reached_is_no_mistake_in_the_code(line: str) -> None:
    answered, ended = api_error("/", 500, ("Traceback", line)), ends_without_server(line, (line,))
    assert ended is not None and answered.cure == ended.cure
    assert "does not reach a server" in answered.detail and "mistake" not in answered.detail


def test_a_mistake_in_the_code_stays_one() -> None:
    line = "KeyError: 'total'"
    assert "mistake in its own code" in api_error("/", 500, ("Traceback", line)).detail
    assert ends_without_server(line, (line,)) is None
