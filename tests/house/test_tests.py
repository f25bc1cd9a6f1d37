"""What holds for every test: it waits for events, checks certificates, and asserts something."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.house.names import ROOT, files

PACED = {
    "tests/support/waiting.py": "the one place where a test lets time pass",
    "tests/installed/first_runs.py": "plays a package index on a slow line",
    "tests/soak/__main__.py": "leaves the wizard open for as long as it is told",
    "tests/benchmarks/altered_wizard.py": "plays an Azure that takes its time",
    "tests/benchmarks/plain_rest.py": "asks Azure how far an operation is, as a script does",
    "tests/benchmarks/seats.py": "types as fast as a learner does",
    "tests/end_to_end/support/bad_line.py": "plays a line on which answers come late",
}
"""Files that may sleep, each with its reason."""
TLS_OFF = re.compile(r"CERT_NONE|_create_unverified_context|\bssl=False|\bverify=False|check_hostname\s*=\s*False")
ASSERTING = {"raises", "check_dump"}


def calls(tree: ast.AST) -> Iterator[str]:
    """The names of what is called, with their module where it is named: ``time.sleep``."""
    return (ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call))


def test_no_test_sleeps() -> None:
    sleeping = {path for path, tree, _lines in files(["tests"]) if {"time.sleep", "asyncio.sleep"} & set(calls(tree))}
    assert sleeping == set(PACED)


def test_certificates_are_checked_everywhere() -> None:
    texts = {path: (ROOT / path).read_text(encoding="utf-8") for path, _tree, _lines in files() if path != "tests/house/test_tests.py"}
    assert [path for path, text in texts.items() if TLS_OFF.search(text)] == []


def test_every_test_asserts_something() -> None:
    trees = {path: tree for path, tree, _lines in files(["tests"])}
    helpers = [node for tree in trees.values() for node in functions(tree) if not is_test(node)]
    asserting = ASSERTING | {node.name for node in helpers if asserts(node)}
    asserting |= {node.name for node in helpers if asserting & {name.rpartition(".")[2] for name in calls(node)}}
    calling = {
        node.name: {name.rpartition(".")[2] for name in calls(node)}
        for tree in trees.values()
        for node in functions(tree)
        if not is_test(node)
    }
    while more := {name for name, called in calling.items() if name not in asserting and asserting & called}:
        asserting |= more  # who calls what asserts, asserts
    silent = [
        f"{path}:{node.lineno} {node.name}"
        for path, tree in trees.items()
        for node in functions(tree)
        if is_test(node) and not asserts(node) and not asserting & {name.rpartition(".")[2] for name in calls(node)}
    ]
    assert silent == []


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function below a node."""
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def is_test(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether pytest takes a function for a test."""
    return node.name.startswith("test_")


def asserts(node: ast.AST) -> bool:
    """Whether an assertion stands in it."""
    return any(isinstance(inner, ast.Assert) for inner in ast.walk(node))
