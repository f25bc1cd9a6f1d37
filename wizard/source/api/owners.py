"""What routes hang on: apps, blueprints, routers, namespaces, and under which paths each of them is found."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from wizard.source.api.modules import Module, SourceModules, dotted, keyword, name_of, texts

Key = tuple[str, str]  # the file, and the name in it
Placed = tuple[Module, ast.expr]  # an expression, and the file in which it stands
APPS = ("Flask", "FastAPI", "Starlette", "Quart", "Sanic", "Bottle")
NINJA = ("NinjaAPI", "NinjaExtraAPI", "Router")
"""What django-ninja hangs its views on; they are found where Django's urlpatterns put them."""
OWNERS = (*APPS, "Blueprint", "APIRouter", "Namespace", "Api", "APIBlueprint", *NINJA)
PREFIXES = ("url_prefix", "prefix", "path")
REGISTERS = {"register_blueprint": "url_prefix", "include_router": "prefix", "add_namespace": "path", "init_app": "",
             "add_router": "prefix", "blueprint": "url_prefix"}  # fmt: skip
Bindings = dict[str, Placed]  # a loop's variable -> what it is
DEEPEST = 8  # blueprints within blueprints
UNKNOWN = "\0"
"""Stands for a prefix that only the running code knows."""


@dataclass(frozen=True)
class RouteMount:
    """Where an owner is put: below another, with a prefix that stands before its own or instead of it.

    :param dependencies: what FastAPI asks of every request there (``dependencies=[Depends(key)]``).
    """

    parent: Key
    prefix: str | None
    adds: bool
    dependencies: tuple[Placed, ...] = ()


@dataclass
class Owners:
    """Every owner of routes in a project."""

    project: SourceModules
    kinds: dict[Key, str] = field(default_factory=dict)
    prefixes: dict[Key, str] = field(default_factory=dict)
    own_dependencies: dict[Key, tuple[Placed, ...]] = field(default_factory=dict)
    mounts: dict[Key, list[RouteMount]] = field(default_factory=dict)
    guarded: set[Key] = field(default_factory=set)

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

    def dependencies(self, key: Key, depth: int = 0) -> list[Placed]:
        """What FastAPI asks of every request to an owner's routes: its own dependencies, and those of where it is put."""
        placed = list(self.own_dependencies.get(key, ()))
        for mount in self.mounts.get(key, []) if depth < DEEPEST else []:
            placed += [*mount.dependencies, *self.dependencies(mount.parent, depth + 1)]
        return placed

    def is_guarded(self, key: Key, depth: int = 0) -> bool:
        """Whether django-ninja asks who comes to an owner's routes: it, or what it is put below, is made with ``auth=``."""
        above = self.mounts.get(key, []) if depth < DEEPEST else []
        return key in self.guarded or any(self.is_guarded(mount.parent, depth + 1) for mount in above)

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
        in_loops = turns_of_loops(module)
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in REGISTERS:
                for bindings in in_loops.get(id(node), [{}]):
                    _mounted(owners, module, node, bindings)
    return owners


def turns_of_loops(module: Module) -> dict[int, list[Bindings]]:
    """For every node in a loop over a list that is written out, by its id, what the loop's variables are at each turn.

    Such as ``for bp in (orders, items)``, ``[api.add_resource(*route) for route in ROUTES]``, ``for path, view in VIEWS.items()``.
    """
    turns: dict[int, list[Bindings]] = {}
    for loop in ast.walk(module.tree):
        match loop:
            case ast.For(target=target, iter=listed, body=body):
                inside: list[ast.AST] = [*body]
            case ast.ListComp(elt=element, generators=[ast.comprehension(target=target, iter=listed, ifs=[])]):
                inside = [element]
            case _:
                continue
        each = _turns(module, target, listed)
        turns |= {id(node): each for line in inside if each for node in ast.walk(line)}
    return turns


def _turns(module: Module, target: ast.expr, listed: ast.expr) -> list[Bindings]:
    pairs = False
    match listed:
        case ast.Call(func=ast.Attribute(attr="items", value=mapping)):
            pairs, listed = True, mapping
    where, items = (module, listed) if not dotted(listed) else module.value(dotted(listed))
    if pairs and isinstance(items, ast.Dict):
        elements: list[ast.expr] = [ast.Tuple([key, value]) for key, value in zip(items.keys, items.values, strict=True) if key is not None]
    elif isinstance(items, ast.List | ast.Tuple) and not pairs:
        elements = items.elts
    else:
        return []
    turns: list[Bindings] = []
    for item in elements:
        if isinstance(target, ast.Tuple) and isinstance(item, ast.Tuple | ast.List):
            turns.append({name_of(name): (where, part) for name, part in zip(target.elts, item.elts, strict=False)})
        else:
            turns.append({name_of(target): (where, item)})
    return turns


def at_turn(module: Module, call: ast.Call, bindings: Bindings) -> tuple[Module, ast.Call]:
    """A call in a loop as it is at one turn, and the file in which its arguments stand."""
    place = module
    arguments: list[ast.expr] = []
    for argument in call.args:
        starred = isinstance(argument, ast.Starred)
        name = name_of(argument.value if isinstance(argument, ast.Starred) else argument)
        where, value = bindings.get(name, (module, argument))
        place = where if name in bindings else place
        arguments += value.elts if starred and isinstance(value, ast.Tuple | ast.List) else [value]
    words = []
    for word in call.keywords:
        where, value = bindings.get(name_of(word.value), (module, word.value))
        place = where if name_of(word.value) in bindings else place
        words.append(ast.keyword(word.arg, value))
    return place, ast.copy_location(ast.Call(call.func, arguments, words), call)


def joined(first: str, second: str) -> str:
    """Two parts of a path as one."""
    if not first or not second:
        return first or second
    return f"{first.rstrip('/')}/{second.lstrip('/')}"


def _made(owners: Owners, module: Module, name: str, call: ast.Call) -> None:
    constructor = name_of(call.func)
    kind = "Namespace" if constructor == "namespace" else constructor
    if not name or kind not in OWNERS or (kind == "Router" and not module.imports.get(constructor, "").startswith("ninja")):
        return
    key = (module.name, name)
    if kind in NINJA and gives_auth(call):
        owners.guarded.add(key)
    prefix = next((text for word in PREFIXES if (text := module.text(keyword(call, word))) is not None), None)
    if kind == "Namespace" and prefix is None:
        prefix = "/" + next(iter(texts(call.args[:1])), "")
    version = keyword(call, "version") if kind in ("Sanic", "Blueprint") else None
    before = f"/v{version.value!s}" if isinstance(version, ast.Constant) else ""
    owners.kinds[key], owners.prefixes[key] = kind, before + (prefix or "")
    owners.own_dependencies[key] = _dependencies(module, call)
    if constructor == "namespace" and isinstance(call.func, ast.Attribute):
        owners.mounts.setdefault(key, []).append(RouteMount(owners.key(module, dotted(call.func.value)), None, adds=False))
    if kind == "Api" and call.args and dotted(call.args[0]):
        owners.mounts.setdefault(key, []).append(RouteMount(owners.key(module, dotted(call.args[0])), None, adds=False))


def _mounted(owners: Owners, module: Module, call: ast.Call, bindings: Bindings) -> None:
    assert isinstance(call.func, ast.Attribute)
    word = call.func.attr
    parent = owners.key(module, dotted(call.func.value))
    if word == "add_router":
        _routed(owners, module, call, parent)
        return
    named = {"register_blueprint": "blueprint", "include_router": "router", "blueprint": "blueprint"}.get(word, "ns")
    child = call.args[0] if call.args else keyword(call, named)
    where, child = bindings.get(name_of(child), (module, child)) if isinstance(child, ast.Name) else (module, child)
    if child is None or not dotted(child):
        return
    key = owners.key(where, dotted(child))
    if word == "init_app":
        owners.mounts.setdefault(parent, []).append(RouteMount(key, None, adds=False))
        return
    value = keyword(call, REGISTERS[word])
    if value is None and word == "add_namespace" and len(call.args) > 1:
        value = call.args[1]
    place, value = bindings.get(name_of(value), (module, value)) if isinstance(value, ast.Name) else (module, value)
    prefix = place.text(value) if value is not None else None
    if value is not None and prefix is None and not (isinstance(value, ast.Constant) and value.value is None):
        prefix = UNKNOWN
    mount = RouteMount(parent, prefix, adds=word == "include_router", dependencies=_dependencies(module, call))
    owners.mounts.setdefault(key, []).append(mount)


def _routed(owners: Owners, module: Module, call: ast.Call, parent: Key) -> None:
    """django-ninja's ``api.add_router("/orders", router)``, whose router may also be a text such as ``orders.api.router``."""
    prefix, child = (*call.args, None, None)[:2]
    prefix, child = prefix or keyword(call, "prefix"), child or keyword(call, "router")
    if child is None or prefix is None:
        return
    key = owners.key(module, dotted(child))
    if isinstance(child, ast.Constant) and isinstance(child.value, str):
        place, _dot, name = child.value.rpartition(".")
        where = next((other for other in owners.project.modules if f".{other.name}".endswith(f".{place}")), None)
        key = owners.key(where, name) if where is not None else ("", child.value)
    text = module.text(prefix)
    owners.mounts.setdefault(key, []).append(RouteMount(parent, UNKNOWN if text is None else text, adds=True))
    if gives_auth(call):
        owners.guarded.add(key)


def gives_auth(call: ast.Call) -> bool:
    """Whether a call of django-ninja's says who may ask."""
    given = keyword(call, "auth")
    return given is not None and not (isinstance(given, ast.Constant) and given.value is None)


def _dependencies(module: Module, call: ast.Call) -> tuple[Placed, ...]:
    listed = keyword(call, "dependencies")
    return tuple((module, item) for item in listed.elts) if isinstance(listed, ast.List | ast.Tuple) else ()
