"""Text files of a project in whatever encoding they were saved: what pip and Python read, our readers read too."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

LARGEST = 1 << 20
"""Bytes; a text file beyond 1 MiB is data and is read by nobody here."""
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""The marks that pip knows (pip._internal.req.req_file), the longer first."""
CODING = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")


def read_text(path: Path) -> str:
    """The text of a file; "" for one that cannot be read, is no regular file, or is larger than `LARGEST`."""
    try:
        if not path.is_file() or path.stat().st_size > LARGEST:
            return ""
        return decode(path.read_bytes())
    except OSError:
        return ""


def decode(content: bytes) -> str:
    """Text by its byte order mark, by a coding line as PEP 263 has it, as UTF-8, or else as Windows wrote it; never an error."""
    for mark, encoding in BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return content[len(mark) if encoding == "utf-8" else 0 :].decode(encoding, "replace")
    for line in content.split(b"\n", 2)[:2]:
        if named := CODING.match(line):
            try:
                return content.decode(named[1].decode("ascii"), "replace")
            except LookupError:
                break
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def read_lines(path: Path) -> list[str]:
    """The lines of a text file, without their ends."""
    return read_text(path).splitlines()
