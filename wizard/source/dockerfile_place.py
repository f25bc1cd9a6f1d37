"""Which Dockerfile of a project is meant for its deployment."""

from __future__ import annotations

import re
from itertools import groupby
from pathlib import Path

from wizard.source.compose.service import read_compose
from wizard.source.ignored_folders import DOCKERFILES

PLACES = ("", "docker", ".docker", "deploy", "deployment", "build", "ops", "infra", "container", "containers")
"""Folders in which people keep them."""
NAMED = re.compile(r"(?:(?P<before>[\w-]+)\.)?(?:Dockerfile|Containerfile)(?:[._-](?P<after>[\w.-]+))?", re.IGNORECASE)
NO_DOCKERFILE = re.compile(r".*(\.(dockerignore|md|txt|bak|old|orig|j2|jinja2?|template|tmpl|sample|example)|~)", re.IGNORECASE)
DEPLOYED = re.compile(r"\b(prod|production|live|release|deploy|azure|cloud)\b", re.IGNORECASE)
SERVING = re.compile(r"\b(api|app|web|backend|server|service|flask|fastapi|django|python|gunicorn|uvicorn)\b", re.IGNORECASE)
OTHERS = re.compile(
    r"\b(dev|devel|development|local|debug|tests?|testing|ci|lint|docs?|base|builder|worker|celery|beat|cron|scheduler|jobs?|migrations?|"
    r"nginx|proxy|caddy|traefik|frontend|client|ui|react|vue|node|db|database|postgres|mysql|mongo|redis|gpu|cuda|windows|arm|lambda)\b",
    re.IGNORECASE,
)
"""What is called so is for something else than the API in a cloud."""


def find_dockerfile(folder: Path) -> str:
    """Its path in the folder: the usual one, the one that a compose file builds unless it is for development, or the best by name.

    "" without any, and where several are as good: then a person says which (`dockerfiles`).
    """
    usual = next((name for name in DOCKERFILES if (folder / name).is_file()), "")
    if usual:
        return usual
    compose = read_compose(folder)
    likely = dockerfiles(folder)
    if compose is not None and compose.dockerfile and not (likely and OTHERS.search(_words(compose.dockerfile))):
        return compose.dockerfile
    best = next((list(names) for _rank, names in groupby(likely, _rank)), [])
    return best[0] if len(best) == 1 else ""


def dockerfiles(folder: Path) -> list[str]:
    """Those that may be the API's, the likeliest first: ``Dockerfile.prod``, ``docker/api.Dockerfile``, ``Containerfile``."""
    paths = [path for place in PLACES for path in sorted((folder / place).glob("*file*")) if path.is_file()]
    names = [path.relative_to(folder).as_posix() for path in paths if NAMED.fullmatch(path.name) and not NO_DOCKERFILE.fullmatch(path.name)]
    return sorted((name for name in names if not OTHERS.search(_words(name))), key=_rank)


def _rank(name: str) -> int:
    words = _words(name)
    return 0 if DEPLOYED.search(words) else 1 if not words.strip() else 2 if SERVING.search(words) else 3


def _words(name: str) -> str:
    """What a name says beside ``Dockerfile``."""
    match = NAMED.fullmatch(name.rpartition("/")[2])
    return re.sub(r"[._-]", " ", f"{match['before'] or ''} {match['after'] or ''}") if match else ""
