"""The source folder: what is sent, its content hash, and the archive."""

from __future__ import annotations

import os
import tarfile
from pathlib import Path

import pytest

from wizard.source.build_context import SourceError, read

DOCKERFILE = 'FROM python:3.12\nCOPY . .\nEXPOSE 5000\nCMD ["gunicorn", "run:app"]\n'
as_root = pytest.mark.skipif(getattr(os, "geteuid", lambda: 1)() == 0, reason="root can read every file")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small API."""
    fill(tmp_path / "api", {"Dockerfile": DOCKERFILE, "run.py": "app = 1\n", "app/__init__.py": "", "app/data.json": "{}"})
    return tmp_path / "api"


def fill(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def sent(folder: Path, dockerfile: str = "Dockerfile") -> list[str]:
    source = read(folder, dockerfile)
    assert source.problems == ()
    return [entry.path for entry in source.entries]


def test_everything_is_sent_but_what_tools_and_version_control_keep(folder: Path) -> None:
    kept_away = (
        ".git/HEAD",
        ".gitignore",
        ".venv/x",
        "app/__pycache__/x.pyc",
        ".mypy_cache/x",
        "environment/pyvenv.cfg",
        "environment/bin/python",
    )
    fill(folder, dict.fromkeys(kept_away, "x"))
    assert sent(folder) == ["Dockerfile", "app/__init__.py", "app/data.json", "run.py"]


def test_dockerignore_decides_and_the_dockerfile_is_always_sent(folder: Path) -> None:
    fill(folder, {".dockerignore": "*\n!run.py\n!app/data.json\n"})
    assert sent(folder) == ["Dockerfile", "app/data.json", "run.py"]


def test_a_file_of_values_is_not_sent_and_that_is_said(folder: Path) -> None:
    fill(folder, {".env": "API_KEY=x", "app/.env.prod": "B=y", ".env.example": "API_KEY=", ".environment": "x"})
    source = read(folder, "Dockerfile")
    assert [entry.path for entry in source.entries if ".env" in entry.path] == [".env.example", ".environment"]
    assert [warning.split()[0] for warning in source.warnings] == [".env", "app/.env.prod"]
    fill(folder, {".dockerignore": "**/.env*"})
    assert read(folder, "Dockerfile").warnings == ()


def test_the_setup_file_is_left_out_when_asked(folder: Path) -> None:
    before = read(folder, "Dockerfile").hash
    fill(folder, {"azwizard.toml": "format = 1"})
    assert read(folder, "Dockerfile", [folder / "azwizard.toml"]).hash == before
    assert read(folder, "Dockerfile").hash != before


def test_empty_folders_are_sent(folder: Path) -> None:
    (folder / "logs").mkdir()
    assert "logs" in sent(folder)


def test_the_hash_is_of_the_content_alone(folder: Path, tmp_path: Path) -> None:
    fill(tmp_path / "copy", {"run.py": "app = 1\n", "app/data.json": "{}", "app/__init__.py": "", "Dockerfile": DOCKERFILE})
    os.utime(tmp_path / "copy" / "run.py", (1, 1))
    assert read(folder, "Dockerfile").hash == read(tmp_path / "copy", "Dockerfile").hash
    assert len(read(folder, "Dockerfile").hash) == 12


def test_the_hash_follows_every_change_of_the_content(folder: Path) -> None:
    hashes = {read(folder, "Dockerfile").hash}
    fill(folder, {"run.py": "app = 2\n"})
    hashes.add(read(folder, "Dockerfile").hash)
    (folder / "run.py").chmod(0o755)
    hashes.add(read(folder, "Dockerfile").hash)
    (folder / "run.py").rename(folder / "main.py")
    hashes.add(read(folder, "Dockerfile").hash)
    (folder / "link").symlink_to("main.py")
    hashes.add(read(folder, "Dockerfile").hash)
    fill(folder, {"other/Dockerfile": DOCKERFILE})
    hashes.add(read(folder, "Dockerfile").hash)
    hashes.add(read(folder, "other/Dockerfile").hash)
    assert len(hashes) == 7


def test_the_archive_holds_what_is_sent_and_is_the_same_every_time(folder: Path, tmp_path: Path) -> None:
    (folder / "run.py").chmod(0o755)
    (folder / "link").symlink_to("app/data.json")
    source = read(folder, "Dockerfile")
    source.pack(tmp_path / "one.tar.gz")
    os.utime(folder / "run.py", (1, 1))
    read(folder, "Dockerfile").pack(tmp_path / "two.tar.gz")
    assert (tmp_path / "one.tar.gz").read_bytes() == (tmp_path / "two.tar.gz").read_bytes()
    with tarfile.open(tmp_path / "one.tar.gz") as archive:
        assert archive.getnames() == [entry.path for entry in source.entries]
        assert archive.getmember("run.py").mode == 0o755
        assert archive.getmember("link").linkname == "app/data.json"
        content = archive.extractfile("Dockerfile")
        assert content is not None
        assert content.read().decode() == DOCKERFILE


def test_a_dockerfile_outside_the_folder_is_added_at_the_top(folder: Path, tmp_path: Path) -> None:
    fill(tmp_path, {"docker/Dockerfile": DOCKERFILE + "# other\n"})
    source = read(folder, "../docker/Dockerfile")
    assert source.dockerfile.endswith("_Dockerfile")
    source.pack(tmp_path / "packed.tar.gz")
    with tarfile.open(tmp_path / "packed.tar.gz") as archive:
        content = archive.extractfile(source.dockerfile)
        assert content is not None
        assert b"# other" in content.read()


def test_a_link_out_of_the_folder_is_not_followed_and_not_sent(folder: Path, tmp_path: Path) -> None:
    fill(tmp_path, {"private/key": "secret"})
    (folder / "away").symlink_to("../private")
    (folder / "absolute").symlink_to(tmp_path / "private" / "key")
    (folder / "loop").symlink_to(".")
    source = read(folder, "Dockerfile")
    assert [entry.path for entry in source.entries if entry.kind == "link"] == ["loop"]
    assert [warning.split()[0] for warning in source.warnings] == ["absolute", "away"]


def test_what_the_dockerfile_says_is_among_the_facts(folder: Path) -> None:
    source = read(folder, "Dockerfile")
    assert source.facts.ports == (5000,)
    assert (source.files, source.size) == (4, sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()))


@pytest.mark.parametrize(
    ("folder_name", "dockerfile", "said", "can_be_written"),
    [
        ("nowhere", "Dockerfile", "Correct source in [project]", False),
        ("api", "docker/Dockerfile", "there is one at Dockerfile. Write dockerfile = ", False),
        ("api/app", "Dockerfile", "There is no Dockerfile at", True),
    ],
)
def test_a_missing_folder_or_dockerfile_says_where_was_looked_and_what_to_do(
    folder: Path, tmp_path: Path, folder_name: str, dockerfile: str, said: str, can_be_written: bool
) -> None:
    source = read(tmp_path / folder_name, dockerfile)
    assert source.hash == ""
    assert said in source.problems[0]
    assert source.lacks_dockerfile is can_be_written


@as_root
def test_an_unreadable_file_is_named(folder: Path) -> None:
    (folder / "run.py").chmod(0)
    [problem] = read(folder, "Dockerfile").problems
    assert "run.py cannot be read: Permission denied" in problem


def test_a_file_that_vanished_before_packing_is_named(folder: Path, tmp_path: Path) -> None:
    source = read(folder, "Dockerfile")
    (folder / "run.py").unlink()
    with pytest.raises(SourceError, match=r"run\.py cannot be read"):
        source.pack(tmp_path / "packed.tar.gz")


def test_a_name_that_is_no_text_is_not_sent_and_named_before_anything_is_built(folder: Path) -> None:
    before = [entry.path for entry in read(folder, "Dockerfile").entries]
    try:
        (Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.txt"))).write_text("a note")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    source = read(folder, "Dockerfile")
    assert [entry.path for entry in source.entries] == before
    assert ["caf\N{REPLACEMENT CHARACTER}.txt is not sent" in warning for warning in source.warnings][-1:] == [True]
    assert not source.problems
