"""What routes hang on: apps, blueprints, routers, namespaces, and under which paths each of them is found."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from wizard.source.api.modules import Module, SourceModules, dotted, keyword, name_of, texts

Key = tuple[str, str]  # the file, and the name in it
APPS = ("Flask", "FastAPI")
OWNERS = (*APPS, "Blueprint", "APIRouter", "Namespace", "Api", "APIBlueprint")
PREFIXES = ("url_prefix", "prefix", "path")
REGISTERS = {"register_blueprint": "url_prefix", "include_router": "prefix", "add_namespace": "path", "init_app": ""}
DEEPEST = 8  # blueprints within blueprints


@dataclass(frozen=True)
class RouteMount:
    """Where an owner is put: below another, with a prefix that stands before its own or instead of it."""

    parent: Key
    prefix: str | None
    adds: bool


@dataclass
class Owners:
    """Every owner of routes in a project."""

    project: SourceModules
    kinds: dict[Key, str] = field(default_factory=dict)
    prefixes: dict[Key, str] = field(default_factory=dict)
    mounts: dict[Key, list[RouteMount]] = field(default_factory=dict)

    def key(self, module: Module, name: str) -> Key:
        """The owner that is called so in a file."""
        where, origin = self.project.origin(module, name)
        return where.name, origin

    def paths(self, key: Key, depth: int = 0) -> list[str]:
        """The prefixes under which an owner's routes are found; one, "", for what is not known."""
        own = self.prefixes.get(key, "")
        collected = []
        for mount in self.mounts.get(key, []) if depth < DEEPEST else []:
            for above in self.paths(mount.parent, depth + 1):
                if mount.adds:
                    collected.append(joined(above, joined(mount.prefix or "", own)))
                else:
                    collected.append(joined(above, own if mount.prefix is None else mount.prefix))
        return list(dict.fromkeys(collected)) or [own]

    def kind(self, key: Key) -> str:
        """The class that an owner is made of; "" where it is not known."""
        return self.kinds.get(key, "")


def find_owners(project: SourceModules) -> Owners:
    """Read what a project makes and puts together."""
    owners = Owners(project)
    for module in project.modules:
        for node in ast.walk(module.tree):
            match node:
                case ast.Assign(targets=targets, value=ast.Call() as call):
                    for target in targets:
                        _made(owners, module, dotted(target), call)
                case ast.AnnAssign(target=target, value=ast.Call() as call):
                    _made(owners, module, dotted(target), call)
    for module in project.modules:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in REGISTERS:
                _mounted(owners, module, node, node.func)
    return owners


def joined(first: str, second: str) -> str:
    """Two parts of a path as one."""
    if not first or not second:
        return first or second
    return f"{first.rstrip('/')}/{second.lstrip('/')}"


def _made(owners: Owners, module: Module, name: str, call: ast.Call) -> None:
    constructor = name_of(call.func)
    kind = "Namespace" if constructor == "namespace" else constructor
    if not name or kind not in OWNERS:
        return
    key = (module.name, name)
    prefix = next((text for word in PREFIXES if (text := module.text(keyword(call, word))) is not None), None)
    if kind == "Namespace" and prefix is None:
        prefix = "/" + next(iter(texts(call.args[:1])), "")
    owners.kinds[key], owners.prefixes[key] = kind, prefix or ""
    if constructor == "namespace" and isinstance(call.func, ast.Attribute):
        owners.mounts.setdefault(key, []).append(RouteMount(owners.key(module, dotted(call.func.value)), None, adds=False))
    if kind == "Api" and call.args and dotted(call.args[0]):
        owners.mounts.setdefault(key, []).append(RouteMount(owners.key(module, dotted(call.args[0])), None, adds=False))


def _mounted(owners: Owners, module: Module, call: ast.Call, register: ast.Attribute) -> None:
    word, parent = REGISTERS[register.attr], owners.key(module, dotted(register.value))
    child = (
        call.args[0]
        if call.args
        else keyword(call, {"register_blueprint": "blueprint", "include_router": "router"}.get(register.attr, "ns"))
    )
    if child is None or not dotted(child):
        return
    if register.attr == "init_app":
        owners.mounts.setdefault(parent, []).append(RouteMount(owners.key(module, dotted(child)), None, adds=False))
        return
    value = keyword(call, word)
    if value is None and register.attr == "add_namespace" and len(call.args) > 1:
        value = call.args[1]
    prefix = module.text(value) if value is not None else None
    mount = RouteMount(parent, prefix, adds=register.attr == "include_router")
    owners.mounts.setdefault(owners.key(module, dotted(child)), []).append(mount)
