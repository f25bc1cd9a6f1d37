"""The applications in a project: which framework, in which module, by which name or function, and what a server loads to run them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from wizard.source.import_roots import import_root
from wizard.source.python_source import parse_python, read_python
from wizard.source.starting.made_apps import AIOHTTP, CLASSES, FACTORIES, WSGI, ModuleApps, module_apps

MAKES_APP = re.compile(
    rb"\b("
    + "|".join((*CLASSES, "Dash", "App", "API", "Application")).encode()
    + rb")\s*\(|\w*app(lication)?\s*\(|start_response|\bimport app\b"
)
"""What stands in every file that makes an application or hands one on; others are not parsed."""
USUAL = (
    "run",
    "wsgi",
    "asgi",
    "app",
    "main",
    "application",
    "server",
    "api",
    "manage",
    "src.app",
    "src.main",
    "app.main",
    "api.main",
    "index",
)
NAMES = ("app", "application", "api", "server")


@dataclass(frozen=True)
class AppObject:
    """An application.

    :param module: what it is imported as, such as ``orders.wsgi``.
    :param name: its name there; a function that makes it when `factory`, also of a class: ``MyApp.create_app``.
    :param framework: such as ``flask``; "" when it cannot be told.
    :param kind: ``wsgi``, ``asgi``, or what neither kind of server runs: `AIOHTTP`, `OWN_SERVER`.
    :param takes_config: the function cannot be called without an argument, or usually is with one.
    :param needs_argument: the function cannot be called without an argument.
    :param root: the folder of the project that the module is imported from, such as ``src``; "" for the project's own.
    """

    module: str
    name: str
    framework: str
    kind: str
    factory: bool = False
    takes_config: bool = False
    needs_argument: bool = False
    root: str = ""

    @property
    def target(self) -> str:
        """What a server is told to load: ``run:app``, or ``orders:create_app()``."""
        return f"{self.module}:{self.name}{'()' if self.factory else ''}"


class AppFinder:
    """Finds the applications of a project below a folder, whose modules are imported from its import roots.

    :param files: the Python files of the project.
    """

    def __init__(self, folder: Path, files: Iterable[Path]) -> None:
        self._folder = folder
        self._files = list(files)
        self._read: dict[Path, ModuleApps] = {}

    def of_module(self, module: str) -> list[AppObject]:
        """The applications of a module, those with a usual name first."""
        file = find_module(self._folder, module)
        return self._of(module, file) if file else []

    def of_file(self, path: Path) -> list[AppObject]:
        """The same of a file."""
        return self._of(self.module_name(path), path)

    def all(self, *first: str) -> Iterator[AppObject]:
        """Every application: of the named modules, of the usual ones, and then of all others, what lies nearest the top first."""
        seen: set[AppObject] = set()
        for module in dict.fromkeys(filter(None, first)):
            yield from self._new(seen, self.of_module(module))
        usual = [file for module in USUAL if (file := find_module(self._folder, module)) is not None]
        for path in dict.fromkeys([*usual, *_wsgi_first(self._files)]):
            if "." not in path.stem and MAKES_APP.search(read_python(path) or b""):
                yield from self._new(seen, self.of_file(path))

    def _new(self, seen: set[AppObject], apps: list[AppObject]) -> Iterator[AppObject]:
        for app in apps:
            if app not in seen:
                seen.add(app)
                yield app

    def made(self) -> dict[Path, ModuleApps]:
        """The files at whose top an application is made, with what each makes."""
        files = [path for path in self._files if "." not in path.stem and MAKES_APP.search(read_python(path) or b"")]
        return {path: apps for path in files if (apps := self._module(path)).apps}

    def module_name(self, path: Path) -> str:
        """What a file is imported as, from the folder that its own imports are found in."""
        parts = path.relative_to(import_root(self._folder, path)).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    def _of(self, module: str, file: Path) -> list[AppObject]:
        apps = self._module(file)
        root = self._root_of(module, file)
        names = {**{name: ("", "", name) for name in apps.called}, **{name: ("", "", name) for name in apps.imported}}
        objects: list[AppObject] = []
        for name in [*apps.apps, *names]:
            kind = self._kind(file, name)
            if kind and kind[1] and not self._is_module(file, name):
                objects.append(AppObject(module, name, *kind, root=root))
        own = [replace(self._factory(module, apps, name), root=root) for name in apps.factories]
        objects.sort(key=lambda app_object: NAMES.index(app_object.name) if app_object.name in NAMES else len(NAMES))
        return [*objects, *own]

    def _root_of(self, module: str, file: Path) -> str:
        """The folder of the project that lies above a module's own parts."""
        own = file.parent if file.stem == "__init__" and module != "__init__" else file
        base = own.parents[module.count(".")]
        return "" if base == self._folder else base.relative_to(self._folder).as_posix()

    def _factory(self, module: str, apps: ModuleApps, name: str) -> AppObject:
        function = apps.factories[name]
        parameters = [arg.arg for arg in function.args.args]
        if parameters[:1] in (["self"], ["cls"]) and "." in name:
            parameters = parameters[1:]
        needed = len(parameters) > len(function.args.defaults)
        if apps.kinds[name][1] == AIOHTTP and isinstance(function, ast.AsyncFunctionDef) and not needed:
            return AppObject(module, name, *apps.kinds[name])  # aiohttp's worker is given the function itself
        return AppObject(module, name, *apps.kinds[name], factory=True, takes_config=bool(parameters), needs_argument=needed)

    def _kind(self, file: Path, name: str, depth: int = 0) -> tuple[str, str] | None:
        """Framework and kind of a name of a module, through what it imports and calls."""
        apps = self._module(file)
        if name in apps.apps:
            return apps.apps[name]
        if depth > 6:
            return None
        if name in apps.called:
            first, _dot, rest = apps.called[name].partition(".")
            if apps.called[name] in apps.kinds:
                return apps.kinds[apps.called[name]]
            if first in apps.imported:
                return self._made_elsewhere(file, first, rest)
            return None
        if name in apps.imported:
            module, original = apps.imported[name]
            other = self._imported_file(file, module, original)
            if other and other != file and (kind := self._kind(other, original, depth + 1)):
                return kind
        return None

    def _made_elsewhere(self, file: Path, first: str, rest: str) -> tuple[str, str] | None:
        """The kind of what a function of another module makes: ``create_app()``, ``factory.create_app()``, ``MyApp.create_app()``."""
        module, original = self._module(file).imported[first]
        inside = f"{module.rstrip('.')}.{original}" if module.strip(".") else f"{module}{original}"
        for name, place in ((f"{original}.{rest}" if rest else original, module), (rest, inside)):
            other = self._imported_file(file, place, name) if name else None
            for _step in range(4):
                apps = self._module(other) if other else None
                if apps is None:
                    break
                if name in apps.kinds:
                    return apps.kinds[name]
                head = name.partition(".")[0]
                if head not in apps.imported or other is None:
                    break
                other = self._imported_file(other, *apps.imported[head])
        return ("", WSGI) if original in FACTORIES or rest in FACTORIES else None

    def _imported_file(self, file: Path, module: str, name: str) -> Path | None:
        level = len(module) - len(module.lstrip("."))
        rest = module.lstrip(".")
        if level:
            base = file.parents[level - 1]
            return (
                find_module(base, rest)
                if rest
                else next((item for item in (base / f"{name}.py", base / "__init__.py") if item.is_file()), None)
            )
        for base in (import_root(self._folder, file), self._folder, file.parent):
            if (module_file := find_module(base, rest)) is not None:
                return module_file
        return None

    def _is_module(self, file: Path, name: str) -> bool:
        """Whether a name is a module or package of the project that is imported, rather than an application in it."""
        apps = self._module(file)
        if name in apps.apps or name not in apps.imported:
            return False
        module, original = apps.imported[name]
        return find_module(self._folder, f"{module}.{original}".lstrip(".")) is not None and self._kind(file, name) is None

    def _module(self, file: Path) -> ModuleApps:
        if file not in self._read:
            tree = parse_python(file)
            self._read[file] = apps = module_apps(tree) if tree is not None else ModuleApps()
            for module in apps.all_of:
                self._bring_all(file, module, apps)
        return self._read[file]

    def _bring_all(self, file: Path, module: str, apps: ModuleApps) -> None:
        """The names that ``from module import *`` brings, as if each was written out."""
        other = self._imported_file(file, module, "__init__")
        if other is not None and other != file:
            brought = self._module(other)
            for name in (*brought.apps, *brought.factories, *brought.called, *brought.imported):
                apps.imported.setdefault(name, (module, name))


def _wsgi_first(files: list[Path]) -> Iterator[Path]:
    """The files, but of Django's pair that ``startproject`` writes ``wsgi.py`` before ``asgi.py``, unless that one does more (Channels)."""
    there = set(files)
    for path in files:
        other = path.with_name("wsgi.py")
        if path.name == "asgi.py" and other in there and b"get_wsgi_application" in (read_python(other) or b""):
            plain = not re.search(rb"channels|ProtocolTypeRouter|FastAPI|Starlette", read_python(path) or b"")
            yield from (other, path) if plain else (path,)
        else:
            yield path


def find_module(folder: Path, module: str) -> Path | None:
    """The file of a module such as ``orders.wsgi`` below a folder, or below ``src`` in it."""
    parts = module.split(".") if module else []
    if not parts or not all(part.isidentifier() for part in parts):
        return None
    for base in (folder, folder / "src"):
        path = base.joinpath(*parts)
        module_file = next((file for file in (path.with_suffix(".py"), path / "__init__.py") if file.is_file()), None)
        if module_file:
            return module_file
    return None


def several_apps(folder: Path, files: Iterable[Path]) -> list[AppObject]:
    """The applications that files make, each for itself: what another of them imports, to mount or to start it, is a part of that one."""
    finder = AppFinder(folder, files)
    made = finder.made()
    imported = [pair for apps in made.values() for pair in apps.imported.values()]
    modules = {name for _module, name in imported}
    parts = {(module.rpartition(".")[2], name) for module, name in imported}
    pairs = {path.parent: path for path in reversed([*_wsgi_first([*made])]) if path.stem in ("wsgi", "asgi")}
    alone = {
        path: next(iter(apps.apps))
        for path, apps in made.items()
        if (path.stem not in ("wsgi", "asgi") or pairs[path.parent] == path)  # Django's pair is one project
        and path.stem not in modules
        and not any((path.stem, name) in parts for name in apps.apps)
    }
    objects = ((name, finder.of_file(path)) for path, name in alone.items())
    return [app for name, apps in objects for app in apps if app.name == name]
