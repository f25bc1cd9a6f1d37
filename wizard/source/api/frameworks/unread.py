"""Frameworks whose routes are not read: whoever uses one is told so, rather than shown no routes."""

from __future__ import annotations

import ast

from wizard.platform.language import _
from wizard.source.api.modules import SourceModules

NEVER_READ = {"tornado": "Tornado", "pyramid": "Pyramid", "cherrypy": "CherryPy", "robyn": "Robyn", "connexion": "Connexion",
              "blacksheep": "BlackSheep", "web": "web.py", "emmett": "Emmett", "hug": "hug", "microdot": "Microdot",
              "strawberry": "Strawberry (GraphQL)", "ariadne": "Ariadne (GraphQL)", "graphene": "Graphene (GraphQL)",
              "spyne": "Spyne", "eve": "Eve", "dash": "Dash", "gradio": "Gradio", "streamlit": "Streamlit"}  # fmt: skip
READ = {"flask": "Flask", "fastapi": "FastAPI", "starlette": "Starlette", "django": "Django", "ninja": "django-ninja",
        "litestar": "Litestar", "sanic": "Sanic", "falcon": "Falcon", "aiohttp": "aiohttp",
        "quart": "Quart", "bottle": "Bottle"}  # fmt: skip


def unread_frameworks(project: SourceModules, *, shows_something: bool) -> list[str]:
    """A sentence for each framework of the project whose routes are not, or could not be, read.

    :param shows_something: whether any route was found, or a registration is named that was not understood.
    """
    files: dict[str, str] = {}
    for module in project.modules:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Import | ast.ImportFrom):
                places = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
                for place in places if not getattr(node, "level", 0) else ():
                    files.setdefault(place.partition(".")[0], module.path.name)
    named = NEVER_READ if shows_something else NEVER_READ | READ
    return [
        _("the routes of {framework} ({file})").format(framework=name, file=files[word]) for word, name in named.items() if word in files
    ]
