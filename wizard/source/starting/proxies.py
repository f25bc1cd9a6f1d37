"""Where a web server listens that stands before the API in one container, and what known base images start by themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from wizard.source.files.container_files import ContainerFiles
from wizard.source.project_files import walk
from wizard.source.starting.listening import EVERYWHERE, Listening
from wizard.source.text_file import read_text

NGINX_LISTEN = re.compile(r"(?m)^[^#\n]*?\blisten\s+(?:\[[^\]]*\]:|[\w.*-]+:)?(\d+)")
CADDY_LISTEN = re.compile(r"(?m)^\s*(?:https?://)?[\w.*-]*:(\d+)")
APACHE_LISTEN = re.compile(r"(?m)^\s*(?:Listen\s+(?:[\d.]+:)?|<VirtualHost\s+[^:>]*:)(\d+)")
FILES = {"nginx": ("/etc/nginx/", NGINX_LISTEN), "caddy": ("/etc/caddy/", CADDY_LISTEN), "apache": ("/etc/apache2/", APACHE_LISTEN)}
STARTED_BY_IMAGE = (
    (re.compile(r"(docker\.io/)?tiangolo/(uvicorn-gunicorn(-fastapi|-starlette)?|meinheld-gunicorn(-flask)?)([:@].*)?"), "gunicorn", 80),
    (re.compile(r"(docker\.io/)?tiangolo/uwsgi-nginx(-flask)?([:@].*)?"), "nginx", 80),
    (re.compile(r"(docker\.io/)?(library/)?(nginx/)?unit[:@].*"), "unit", 80),
    (re.compile(r"(docker\.io/)?(library/)?(httpd|nginx|caddy)([:@].*)?"), "", 80),
    (re.compile(r"mcr\.microsoft\.com/azure-functions/python([:@].*)?"), "functions", 80),
)
"""Base images whose own CMD starts the API -> the server, and its port as their documentation says it; PORT changes the first's."""


def proxy_listening(proxy: str, folder: Path, files: ContainerFiles) -> Listening | None:
    """By the configuration that the image gets; None where it gets none that says a number."""
    kind = next((name for name in FILES if name in proxy), "apache" if proxy == "httpd" else "")
    if not kind:
        return None
    place, listens = FILES[kind]
    for path in _configurations(folder, files, place):
        if match := listens.search(read_text(path)):
            return Listening(EVERYWHERE, int(match[1]))
    return None


def _configurations(folder: Path, files: ContainerFiles, place: str) -> Iterator[Path]:
    """The files of the project that the image has below a folder, and else those whose name says what they are."""
    others = []
    for path in walk(folder):
        inside = files.place(path) or ""
        if inside.startswith(place):
            yield path
        elif path.suffix == ".conf" or path.name in ("Caddyfile", "nginx.conf.template", "default"):
            others.append(path)
    yield from (path for path in others if place.split("/")[2].removesuffix("2") in read_text(path).lower() or path.name == "Caddyfile")


def started_by_image(image: str) -> tuple[str, int] | None:
    """The server and the port of a base image that starts the API itself; None for all others."""
    for pattern, server, port in STARTED_BY_IMAGE:
        if match := pattern.fullmatch(image):
            return server or match[3], port
    return None
