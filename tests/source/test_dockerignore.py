"""The rules of .dockerignore, as Docker applies them (cases of moby/patternmatcher's own tests among them)."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wizard.source.dockerignore import IgnoreFileError, parse, read_ignore_file


@pytest.mark.parametrize(
    ("rules", "path", "left_out"),
    [
        ("file", "file", True),
        ("file", "dir/file", False),
        ("dir", "dir/inner/file", True),
        ("dir/", "dir/file", True),
        ("/dir", "dir/file", True),
        ("./dir/../other", "other/file", True),
        ("*.log", "a.log", True),
        ("*.log", "dir/a.log", False),
        ("*/*.log", "dir/a.log", True),
        ("?.txt", "a.txt", True),
        ("?.txt", "ab.txt", False),
        ("**", "any/thing", True),
        ("**/*.log", "a.log", True),
        ("**/*.log", "deep/down/a.log", True),
        ("**/node", "x/node/y", True),
        ("**file", "afile", True),
        ("**file", "dir/file", True),
        ("dir/**", "dir/file", True),
        ("dir/**", "dir", False),
        ("dir/**/file", "dir/file", True),
        ("dir/**/file", "dir/a/b/file", True),
        ("dir/**/file", "dirx/file", False),
        ("a[b-d]e", "ace", True),
        ("a[b-d]e", "aze", False),
        ("a[^b-d]e", "aze", True),
        ("a\\*b", "a*b", True),
        ("a\\*b", "axb", False),
        ("a.c", "abc", False),
        ("(x)+", "(x)+", True),
        (".git", ".gitignore", False),
        ("*\n!keep", "keep", False),
        ("*\n!dir/keep", "dir/keep", False),
        ("*\n!dir/keep", "dir/other", True),
        ("dir\n!dir/keep\ndir/keep", "dir/keep", True),
        ("!keep\n*", "keep", True),
        ("# comment\n\n  file  ", "file", True),
        ("#file", "#file", False),
        ("! file", "file", False),
        ("a\r\nb\r\n", "b", True),
        (".", "file", False),
    ],
)
def test_a_path_is_left_out_or_sent_as_docker_would(rules: str, path: str, left_out: bool) -> None:
    assert parse(rules).leaves_out(path) is left_out


@pytest.mark.parametrize("rules", ["ok\n!", "ok\na[b"])
def test_a_line_docker_refuses_is_named(rules: str) -> None:
    with pytest.raises(IgnoreFileError, match=r"^line 2: "):
        parse(rules)


def test_a_dockerfile_of_its_own_has_rules_of_its_own(tmp_path: Path) -> None:
    (tmp_path / ".dockerignore").write_text("general")
    (tmp_path / "Dockerfile.dockerignore").write_bytes(b"\xef\xbb\xbfspecial\n")
    rules = read_ignore_file(tmp_path, tmp_path / "Dockerfile")
    assert rules.leaves_out("special")
    assert not rules.leaves_out("general")
    assert read_ignore_file(tmp_path, tmp_path / "Other").leaves_out("general")


def test_rules_that_cannot_be_read_name_their_file(tmp_path: Path) -> None:
    (tmp_path / ".dockerignore").write_bytes(b"\xff")
    with pytest.raises(IgnoreFileError, match=r"\.dockerignore cannot be read: it is not UTF-8 text"):
        read_ignore_file(tmp_path, tmp_path / "Dockerfile")
    (tmp_path / ".dockerignore").write_text("a[")
    with pytest.raises(IgnoreFileError, match=r"\.dockerignore, line 1"):
        read_ignore_file(tmp_path, tmp_path / "Dockerfile")


@pytest.mark.parametrize("pattern", ["[[]x", "[a--b]", "[a[b]", "[[:alpha:]]"])
def test_a_set_of_characters_is_read_without_a_word_on_the_terminal(pattern: str, recwarn: pytest.WarningsRecorder) -> None:
    with contextlib.suppress(IgnoreFileError):
        parse(f"{pattern}\n").leaves_out("a")
    assert not recwarn.list


@pytest.mark.parametrize(("pattern", "path"), [("[[]x", "[x"), ("\\[[ab]", "[b"), ("[a-c]", "b"), ("[^a]", "b"), ("[a-]x", "ax")])
def test_a_set_of_characters_holds_what_it_shows(pattern: str, path: str) -> None:
    assert parse(f"{pattern}\n").leaves_out(path)


@pytest.mark.parametrize(
    ("pattern", "path"), [("*a" * 20 + "b", "a" * 250), ("**/*/" * 20 + "x", "aa/" * 60 + "a" * 200)], ids=["names", "folders"]
)
def test_a_pattern_of_many_wildcards_takes_no_time(pattern: str, path: str) -> None:
    began = time.process_time()
    assert not parse(pattern).leaves_out(path)
    assert time.process_time() - began < 20, "a regular expression alone would need years"


@given(
    pattern=st.lists(st.sampled_from(("a", "b", "*", "?", "**", "a*", "[ab]", "[!a]", "**b", ".")), min_size=4, max_size=7).map("/".join),
    path=st.lists(st.sampled_from(("a", "b", "ab", "aab", "a.b")), min_size=1, max_size=6).map("/".join),
)
@settings(max_examples=100, deadline=None, derandomize=True)
def test_both_ways_to_match_a_pattern_agree(pattern: str, path: str) -> None:
    rule = parse(pattern).rules[0].pattern
    assert rule.matches(path) == (rule.expression.fullmatch(path) is not None)
