"""What was read once of a large folder is not read again while it is the same; what changed is always seen. Counted, never timed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from wizard.source import build_context, content_cache
from wizard.source.content_cache import ContentCache

FILES = 6


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project that counts as large, and whose files count as changed long ago."""
    monkeypatch.setenv("AZWIZARD_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(content_cache, "FEWEST", 1)
    monkeypatch.setattr(content_cache, "SETTLED_NS", -(10**15))
    folder = tmp_path / "project"
    (folder / "data").mkdir(parents=True)
    (folder / "Dockerfile").write_text('FROM python:3.12-slim\nCOPY . .\nCMD ["gunicorn", "app:app"]\n')
    for number in range(FILES):
        (folder / "data" / f"{number}.txt").write_text(f"content {number}\n")
    return folder


def read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, int]:
    """The content hash of the folder, and how many files' content was read for it."""
    caches: list[ContentCache] = []

    class Watched(ContentCache):
        def __init__(self, folder: Path) -> None:
            super().__init__(folder)
            caches.append(self)

    with monkeypatch.context() as patch:
        patch.setattr(build_context, "ContentCache", Watched)
        context = build_context.read(folder, "Dockerfile")
    assert not context.problems, context.problems
    return context.hash, caches[0].files_read


def test_a_folder_that_is_the_same_is_listed_and_none_of_its_files_is_opened(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, read_first = read(folder, monkeypatch)
    assert read_first == FILES + 1
    assert read(folder, monkeypatch) == (first, 0)


def test_only_what_was_changed_is_read_and_changes_the_hash(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before, _count = read(folder, monkeypatch)
    (folder / "data" / "3.txt").write_text("content X\n")
    after, count = read(folder, monkeypatch)
    assert after != before
    assert count == 1


def test_a_change_of_the_same_length_whose_time_was_put_back_is_seen(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = folder / "data" / "3.txt"
    before, _count = read(folder, monkeypatch)
    status = file.stat()
    file.write_text("content X\n")
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert read(folder, monkeypatch)[0] != before


def test_what_was_changed_just_now_is_read_again_the_next_time(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content_cache, "SETTLED_NS", 10**15)
    assert read(folder, monkeypatch) == read(folder, monkeypatch)
    assert read(folder, monkeypatch)[1] == FILES + 1


def test_a_file_put_in_the_place_of_another_is_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before, _count = read(folder, monkeypatch)
    other = folder.parent / "other.txt"
    other.write_text("content X\n")
    other.replace(folder / "data" / "3.txt")
    assert read(folder, monkeypatch)[0] != before


def test_a_damaged_list_of_hashes_is_no_list(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before, _count = read(folder, monkeypatch)
    kept = next((folder.parent / "home" / "contents").iterdir())
    kept.write_bytes(kept.read_bytes()[:-20])
    assert read(folder, monkeypatch) == (before, FILES + 1)


def test_a_small_folder_leaves_no_list(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content_cache, "FEWEST", 500)
    assert read(folder, monkeypatch) == read(folder, monkeypatch)
    assert not (folder.parent / "home" / "contents").exists()
