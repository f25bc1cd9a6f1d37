"""What an .env file says, held against python-dotenv with its own filling in, over generated files.

Known difference, which `filled_in` tells of in its docstring: python-dotenv fills in what stands above a line; we also what stands below,
since in Azure there is no order.
"""

from __future__ import annotations

import io
from pathlib import Path
from unittest import mock

import pytest
from dotenv import dotenv_values
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wizard.setup.env_values import filled_in
from wizard.setup.secret_sources import read_env_file

NAMES = ("A", "B", "C", "D")
PIECES = st.sampled_from(("x", "1", " ", "$", "#", "=", "é", "${A}", "${B}", "${C:-c}", "\\", "'", "/", ":", "!"))
VALUES = st.lists(PIECES, max_size=5).map("".join)
QUOTES = st.sampled_from((("", ""), ("'", "'"), ('"', '"')))


@st.composite
def files(draw: st.DrawFn) -> str:
    """The text of a file."""
    lines = []
    for name in NAMES[: draw(st.integers(1, 4))]:
        before, after = draw(QUOTES)
        value = draw(VALUES).replace("'", "" if before == "'" else "'")
        lines.append(f"{draw(st.sampled_from(('', 'export ')))}{name}{draw(st.sampled_from(('=', ' = ')))}{before}{value}{after}")
        lines += draw(st.lists(st.sampled_from(("", "# a remark", "   ")), max_size=1))
    return draw(st.sampled_from(("\n", "\r\n"))).join(lines) + "\n"


def held(folder: Path, text: str) -> None:
    """The same values, filled in from above."""
    file = folder / "given.env"
    file.write_bytes(text.encode())
    try:
        ours = read_env_file(file)
    except Exception:  # a line that is none is refused by us, and passed over with a warning by python-dotenv
        return
    with mock.patch.dict("os.environ", clear=True):
        plain = dotenv_values(stream=io.StringIO(text), interpolate=False)
        theirs = dotenv_values(stream=io.StringIO(text))
    assert ours == {name: value or "" for name, value in plain.items()}
    names = list(ours)
    upwards = all(f"${{{other}" not in ours[name] for at, name in enumerate(names) for other in names[at:])
    known = all(name in ours or name == "C" for name in ("A", "B"))
    if upwards and known:
        assert filled_in(ours) == {name: value or "" for name, value in theirs.items()}, text


@given(text=files())
@settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_python_dotenv_reads_the_same(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    held(tmp_path_factory.getbasetemp(), text)


@pytest.mark.nightly
@given(text=files())
@settings(max_examples=3000, deadline=None, suppress_health_check=list(HealthCheck))
def test_python_dotenv_reads_the_same_in_three_thousand_files(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    held(tmp_path_factory.getbasetemp(), text)
