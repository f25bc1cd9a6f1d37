"""The requests that an API answers, held against Django's own resolver and test client, over generated projects."""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
from pathlib import Path

import pytest

from wizard.source.api.routes import read_routes

pytest.importorskip("django")

RESOLVED = """
import importlib, json, sys
from pathlib import Path
import django
from django.conf import settings
from django.urls import clear_url_caches, get_resolver
from django.urls.resolvers import URLResolver
settings.configure(SECRET_KEY="generated", ROOT_URLCONF="shop.urls", ALLOWED_HOSTS=["*"], MIDDLEWARE=[])
django.setup()
from django.test import Client

def leaves(patterns, before):
    for pattern in patterns:
        text = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from leaves(pattern.url_patterns, text)
        else:
            yield text

for folder in sorted(Path(sys.argv[1]).iterdir()):
    sys.path.insert(0, str(folder))
    for name in [name for name in sys.modules if name.partition(".")[0] in ("shop", "orders")]:
        del sys.modules[name]
    importlib.invalidate_caches()
    clear_url_caches()
    paths = list(leaves(get_resolver().url_patterns, "/"))
    asked = json.loads((folder / "asked.json").read_text())
    client = Client(raise_request_exception=False)
    statuses = [getattr(client, method.lower())(path).status_code for method, path in asked]
    print(json.dumps([folder.name, paths, statuses]))
    sys.path.remove(str(folder))
"""
VALUES = {"int": "7", "slug": "tea", "str": "tea", "uuid": "0af46210-dfb2-4a54-905d-c9f6aaaa0000", "": "7"}
VIEWS = """
from django.http import HttpResponse
from django.views import View
from django.views.generic import RedirectView, TemplateView

def plain(request, **values):
    return HttpResponse("ok")

def both(request, **values):
    if request.method == "POST":
        return HttpResponse("made", status=201)
    return HttpResponse("form")

def posts(request, **values):
    if request.method != "POST":
        return HttpResponse(status=405)
    return HttpResponse("made")

def votes(request, **values):
    return HttpResponse(request.POST["choice"])

class Shown(View):
    def get(self, request, **values):
        return HttpResponse("ok")

    def delete(self, request, **values):
        return HttpResponse("gone")

class Page(TemplateView):
    template_name = "page.html"

class Away(RedirectView):
    url = "/"
"""
TARGETS = ("plain", "both", "posts", "votes", "Shown.as_view()", "Page.as_view()", "Away.as_view()")
PATHS = ('path("{p}"', 'path("{p}<int:pk>/"', 'path("{p}<slug:name>"', 're_path(r"^{p}$"', 're_path(r"^{p}(?P<pk>\\d+)/?$"',
         're_path(r"^{p}v1\\.0/(?P<name>[-\\w]+)/$"')  # fmt: skip


def _listed(chosen: random.Random, word: str) -> str:
    lines = [f"    {chosen.choice(PATHS).replace('{p}', f'{word}{number}/')}, views.{chosen.choice(TARGETS)})," for number in range(3)]
    return "\n".join(lines)


def generated(seed: int) -> dict[str, str]:
    """A project with an app whose urls are included, in a module, a list or a tuple; and a file of urls that nothing includes."""
    chosen = random.Random(seed)  # noqa: S311 - a fixed choice, no secret
    head = "from django.urls import include, path, re_path\nfrom orders import views\n"
    included = chosen.choice(('include("orders.urls")', 'include(("orders.urls", "orders"))', "include(more)"))
    urls = f"{head}more = [\n{_listed(chosen, 'more')}\n]\nurlpatterns = [\n{_listed(chosen, 'top')}\n    path('sub/', {included}),\n]\n"
    return {
        "shop/__init__.py": "",
        "shop/settings.py": 'ROOT_URLCONF = "shop.urls"\n',
        "shop/urls.py": urls,
        "shop/old_urls.py": f"{head}urlpatterns = [path('gone/', views.plain)]\n",
        "orders/__init__.py": "",
        "orders/views.py": VIEWS,
        "orders/urls.py": f"{head}urlpatterns = [\n{_listed(chosen, 'order')}\n]\n",
    }


def held(tmp_path: Path, seeds: range) -> list[str]:
    """What differs, by seed: a pattern that we do not read, or a request of ours that is answered with 404 or 405."""
    read = {}
    for seed in seeds:
        folder = tmp_path / f"{seed:04}"
        for name, text in generated(seed).items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        routes = read[folder.name] = read_routes(folder)
        asked = [(route.method, re.sub(r"<(?:(\w+)(?:\(.*?\))?:)?\w+>", lambda m: VALUES[m[1] or ""], route.path)) for route in routes]
        (folder / "asked.json").write_text(json.dumps(asked))
    told = subprocess.run([sys.executable, "-c", RESOLVED, str(tmp_path)], capture_output=True, text=True, timeout=600, check=True)
    wrong = []
    for line in told.stdout.splitlines():
        name, paths, statuses = json.loads(line)
        ours = {re.sub(r"<(?:\w+:)?(\w+)>", r"<\1>", route.path).rstrip("/") for route in read[name]}
        truth = {_simple(path).rstrip("/") for path in paths}
        if ours != truth:
            wrong.append(f"{name}: only ours {sorted(ours - truth)}, only Django's {sorted(truth - ours)}")
        refused = [f"{route.method} {route.path}" for route, status in zip(read[name], statuses, strict=True) if status in (404, 405)]
        wrong += [f"{name}: {text} is not answered" for text in refused]
    return wrong


def _simple(pattern: str) -> str:
    """A pattern of Django's as a path with the names of its parameters."""
    plain = re.sub(r"\(\?P<(\w+)>[^()]*\)", r"<\1>", pattern.replace("^", "").replace("$", "").replace("\\.", ".").replace("/?", "/"))
    return re.sub(r"<\w+:(\w+)>", r"<\1>", plain)


def test_the_routes_of_generated_projects_are_those_that_django_resolves(tmp_path: Path) -> None:
    assert held(tmp_path, range(12)) == []


@pytest.mark.nightly
def test_the_routes_of_300_generated_projects_are_those_that_django_resolves(tmp_path: Path) -> None:
    assert held(tmp_path, range(1000, 1300)) == []
