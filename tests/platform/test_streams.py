"""What an output cannot take is spelled out, dropped or said, according to which output it is."""

from __future__ import annotations

import io
import sys

import pytest

from wizard.platform import streams
from wizard.platform.streams import MessageStream, OutputLost, ResultStream

TEXT = "0.25 → 0.5 … “é” œuvre ✓ ✗ « non » — 日本 \ud800"


class Full(io.RawIOBase):
    """A file on a disk that has no room."""

    def writable(self) -> bool:
        return True

    def write(self, _data: object) -> int:
        raise OSError(28, "No space left on device")


@pytest.fixture(autouse=True)
def handler() -> None:
    import codecs

    codecs.register_error(streams.REPLACING, streams.spelled_out)


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp437", "latin-1", "utf-8", "utf-16", "cp850", "shift_jis"])
def test_every_encoding_takes_every_text(encoding: str) -> None:
    raw = io.BytesIO()
    stream = ResultStream(raw, encoding=encoding, errors=streams.REPLACING, write_through=True)
    stream.write(TEXT)
    result = raw.getvalue().decode(encoding)
    assert "0.25" in result and "0.5" in result
    if encoding == "ascii":
        assert result == '0.25 -> 0.5 ... "e" oeuvre + x " non " - ?? ?'


def test_a_full_output_ends_the_command_and_a_full_error_stream_does_not() -> None:
    with pytest.raises(OutputLost) as lost:
        print("x" * 100_000, file=ResultStream(io.BufferedWriter(Full()), encoding="utf-8"), flush=True)
    assert "No space" in lost.value.reason and not lost.value.reader_left
    print("x" * 100_000, file=MessageStream(io.BufferedWriter(Full()), encoding="utf-8"), flush=True)


@pytest.mark.parametrize(
    ("value", "asks"), [("true", False), ("1", False), ("", True), ("0", True), ("false", True), ("woodpecker", False)]
)
def test_on_a_build_agent_nobody_is_asked(monkeypatch: pytest.MonkeyPatch, value: str, asks: bool) -> None:
    class FakeTerminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdin", FakeTerminal())
    monkeypatch.setattr(sys, "stderr", FakeTerminal())
    monkeypatch.setenv("CI", value)
    assert streams.may_ask() is asks
