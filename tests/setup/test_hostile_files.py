"""A setup file that is none, or that is too much of one: a sentence within two seconds of work, and never a crash."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from wizard.setup.loading import load
from wizard.setup.problems import AnswersError
from wizard.workspace.known_setups import known_setups

HEAD = 'format = 1\n[project]\nname = "orders"\n[key_vault]\n'
TEXTS = {
    "20,000 arrays within each other": f"{HEAD}x = {'[' * 20_000}{']' * 20_000}\n",
    "20,000 tables within each other": f"{HEAD}x = {'{a = ' * 20_000}1{'}' * 20_000}\n",
    "a key of 4,000 parts": f"{HEAD}[{'.'.join('a' * 4_000)}]\nx = 1\n",
    "a key of 900 parts": f"{HEAD}{'.'.join('a' * 900)} = 1\n",
    "30 arrays within each other": f"{HEAD}x = {'[' * 30}{']' * 30}\n",
    "a number of 5,000 digits": f"{HEAD}x = {'9' * 5_000}\n",
    "2 MB of comment": f"{HEAD}# {'x' * 2_000_000}\n",
    "a NUL": f"{HEAD}x = '\0'\n",
    "a project that is a number": "format = 1\nproject = 3\n",
    "a project that is a list": "format = 1\nproject = [3]\n[key_vault]\n",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_too_much_is_refused_in_words(tmp_path: Path, text: str) -> None:
    file = tmp_path / "azwizard.toml"
    file.write_text(text, encoding="utf-8")
    began = time.process_time()
    with pytest.raises(AnswersError) as refused:
        load(file)
    assert refused.value.problems[0].sentence.endswith((".", "text]", "]."))
    known_setups(tmp_path)
    assert time.process_time() - began < 2


def _fifo(file: Path) -> None:
    os.mkfifo(file)


def _device(file: Path) -> None:
    file.symlink_to("/dev/zero")


def _folder(file: Path) -> None:
    file.mkdir()


def _link_to_itself(file: Path) -> None:
    file.symlink_to(file)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
@pytest.mark.parametrize("make", [_fifo, _device, _folder, _link_to_itself])
def test_what_is_no_file_is_refused_in_words(tmp_path: Path, make: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZWIZARD_HOME", str(tmp_path / "home"))
    file = tmp_path / "azwizard.toml"
    make(file)
    with pytest.raises(AnswersError) as refused:
        load(file)
    assert "azwizard.toml cannot be read" in str(refused.value.problems[0].sentence)
    known_setups(tmp_path)
