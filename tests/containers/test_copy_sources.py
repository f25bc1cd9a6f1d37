"""Wildcards of COPY and ADD are Go's filepath.Match."""

from __future__ import annotations

import pytest

from wizard.containers.copy_sources import clean, has_wildcards, matching

PATHS = ["a.txt", "b.txt", "src", "src/a.txt", "src/deep", "src/deep/a.txt", "[x].txt", ".hidden", "a-b"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("*.txt", ["[x].txt", "a.txt", "b.txt"]),
        ("/./*.txt", ["[x].txt", "a.txt", "b.txt"]),
        ("?.txt", ["a.txt", "b.txt"]),
        ("*/a.txt", ["src/a.txt"]),
        ("**/a.txt", ["src/a.txt"]),
        ("src/*", ["src/a.txt", "src/deep"]),
        ("[ab].txt", ["a.txt", "b.txt"]),
        ("[^a].txt", ["b.txt"]),
        ("[a-b].txt", ["a.txt", "b.txt"]),
        ("\\[x\\].txt", ["[x].txt"]),
        ("*", ["[x].txt", ".hidden", "a-b", "a.txt", "b.txt", "src"]),
        ("a[-]b", ["a-b"]),
        ("[", []),
        ("[b-a].txt", []),
        ("src?a.txt", []),
    ],
)
def test_a_pattern_names_what_docker_copies(source: str, expected: list[str]) -> None:
    assert matching(source, PATHS) == sorted(expected)


@pytest.mark.parametrize(("source", "yes"), [("a*", True), ("a\\*", False), ("a?", True), ("[a]", True), ("a]", False)])
def test_a_backslash_takes_the_meaning_from_a_wildcard(source: str, yes: bool) -> None:
    assert has_wildcards(source) is yes


@pytest.mark.parametrize(("source", "path"), [("./a/", "a"), ("/", "."), ("./", "."), ("//a", "a"), ("../a", "../a"), ("a/../b", "b")])
def test_a_source_is_a_path_below_the_context(source: str, path: str) -> None:
    assert clean(source) == path
