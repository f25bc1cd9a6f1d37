"""The page docs/fidelity.md, made of the marks that the routes carry: ``python -m wizard.practice.fidelity_page > docs/fidelity.md``."""

from __future__ import annotations

import asyncio
import importlib
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from wizard.practice.kernel.fidelity import Known, Source
from wizard.practice.kernel.requests import Route
from wizard.practice.server import Server
from wizard.practice.server_options import ServerOptions

_HOSTS = {  # modules whose table KNOWN speaks of another host than management.azure.com
    "login.microsoftonline.com": "sign_in.host",
    "graph.microsoft.com": "graph_host",
    "NAME.vault.azure.net": "vault.data_plane",
    "NAME.azurecr.io": "registry.data_plane",
    "ACCOUNT.file.core.windows.net": "storage.file_data_plane",
    "ACCOUNT.blob.core.windows.net and others": "storage.other_services",
    "the blob host of registry builds": "registry.blobs",
    "dev.azure.com": "devops.front",
    "api.github.com": "github.front",
    "github.com": "github.device_flow",
    "an app's own host": "apps.ingress",
}
_BEGIN = """# How sure the practice cloud is of its answers

Each route, what it answers, and where that is known from: *recorded* (real Azure's own answers, saved by its SDKs' and its command line's
tests), *specification* (Azure's OpenAPI of the api-versions in use), *documentation* (learn.microsoft.com), *issue* (what people met and
published) or *judgement* (nothing but good sense: believe it least). This page is made of the marks in the code:
`python -m wizard.practice.fidelity_page > docs/fidelity.md`.

What was recorded is asked again of the practice cloud: `python -m tests.practice.recorded` counts the exchanges whose status, error code,
headers of long-running operations and keys agree. Where they differ, `tests/practice/recorded/differences.toml` says why.
"""
_ALL = """
What every route of management.azure.com has in common: a missing, unknown or malformed api-version, a token for elsewhere, a right that is
missing, a body that is no JSON or of another shape (400 InvalidRequestContent) are refused before its provider sees it, in this order
(recorded and published in issues). Members that a type does not have are passed over, nulls of a PUT say nothing, and numbers in quotation
marks count as numbers (recorded).
"""


def page() -> str:
    """The whole page."""
    tables = [f"\n## {host}\n\n{_table(rows)}" for host, rows in _rows()]
    return f"{_BEGIN}{_ALL}{_counts()}{''.join(tables)}"


def _rows() -> Iterator[tuple[str, list[tuple[str, Known]]]]:
    yield "management.azure.com", _of_manager()
    for host, module in _HOSTS.items():
        table: Mapping[str, Known] = importlib.import_module(f"wizard.practice.{module}").KNOWN
        yield host, list(table.items())


def _of_manager() -> list[tuple[str, Known]]:
    rows = [(f"{route.method} {_short(route.template)}", route.known) for route in _routes() if route.known]
    return sorted(rows, key=lambda row: row[0].split(" ")[::-1])


def unmarked() -> list[str]:
    """The routes that say nothing of themselves."""
    return [f"{route.method} {route.template}" for route in _routes() if route.known is None]


def _routes() -> tuple[Route, ...]:
    async def read() -> tuple[Route, ...]:
        with tempfile.TemporaryDirectory() as home:
            server = Server(ServerOptions(home=Path(home) / "practice"))
            await server.start()
            routes = server.cloud.arm.routes
            await server.close()
            return routes

    return asyncio.run(read())


def _short(template: str) -> str:
    return template.replace("/subscriptions/{subscription}", "/{sub}").replace("/resourceGroups/{group}", "/{rg}").replace("/providers", "")


def _counts() -> str:
    known = [mark for _host, rows in _rows() for _route, mark in rows]
    counts = ", ".join(f"{sum(mark.source is source for mark in known)} {source}" for source in Source)
    return f"\n{len(known)} routes: {counts}.\n"


def _table(rows: list[tuple[str, Known]]) -> str:
    lines = [f"| `{route}` | {mark.answer} | {mark.source}{f' ({mark.where})' if mark.where else ''} |" for route, mark in rows]
    return "\n".join(["| Route | What it answers | Source |", "|---|---|---|", *lines]) + "\n"


if __name__ == "__main__":
    print(page(), end="")
