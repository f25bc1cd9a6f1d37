"""Files that a person names: ordinary ones and the shell's pipes are read, everything else is refused soon."""

from __future__ import annotations

import os
import stat
import sys
import threading
import time
from pathlib import Path

import pytest

from wizard.platform.files import UnusableFile, read_given, replace_file
from wizard.setup.secret_sources import SecretFileError, read_env_file

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pipes and devices of POSIX")


def test_a_pipe_is_read_as_who_writes_into_it_likes(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    def write() -> None:
        with pipe.open("wb", buffering=0) as stream:
            for part in (b"API_KEY=", b"x" * 100_000, b"\nOTHER=1\n"):
                stream.write(part)

    writer = threading.Thread(target=write)
    writer.start()
    values = read_env_file(pipe)
    writer.join()
    assert values == {"API_KEY": "x" * 100_000, "OTHER": "1"}


@pytest.mark.parametrize("kind", ["nobody writes", "device without an end", "too large"])
def test_what_never_ends_is_refused_within_two_seconds(tmp_path: Path, kind: str) -> None:
    file = tmp_path / "values.env"
    if kind == "nobody writes":
        os.mkfifo(file)
    elif kind == "too large":
        file.write_bytes(b"#" * 1_100_000)
    else:
        file.symlink_to("/dev/zero")
    began = time.monotonic()
    with pytest.raises(SecretFileError, match="nobody writes into it" if kind == "nobody writes" else "larger than 1000 KB"):
        read_env_file(file)
    assert time.monotonic() - began < 2.5


def test_a_device_with_nothing_in_it_is_empty() -> None:
    assert read_given(Path("/dev/null"), 10) == b""


def test_a_file_of_just_the_most_bytes_is_taken(tmp_path: Path) -> None:
    file = tmp_path / "value"
    file.write_bytes(b"x" * 10)
    assert read_given(file, 10) == b"x" * 10
    with pytest.raises(UnusableFile):
        read_given(file, 9)


@pytest.mark.parametrize("where", ["no-folder/report.txt", "folder"])
def test_a_file_that_cannot_be_replaced_is_named_as_the_person_named_it(tmp_path: Path, where: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError) as refused:
        replace_file(tmp_path / where, "text")
    assert refused.value.filename == str(tmp_path / where)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder"]


def test_a_pipe_is_written_into_and_nothing_takes_its_place(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        replace_file(pipe, "text")
        assert os.read(reader, 100) == b"text"
    finally:
        os.close(reader)
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert list(tmp_path.iterdir()) == [pipe]
