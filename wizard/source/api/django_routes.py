"""What Django answers: the ``urlpatterns`` of its files, with views of the REST framework."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from wizard.source.api.bodies import read_inputs
from wizard.source.api.django_views import (
    ACTIONS,
    OF_ONE,
    STATUSES,
    answered_methods,
    is_action,
    path_parameter,
    serializer_body,
    view_actions,
)
from wizard.source.api.frameworks.django_tokens import RestPermissions, library_route, permissions_of
from wizard.source.api.inputs import RequestInputs
from wizard.source.api.modules import Function, Module, SourceModules, dotted, keyword, name_of, texts
from wizard.source.api.owners import NINJA, Owners, RouteMount
from wizard.source.api.response_statuses import Style, view_statuses
from wizard.source.api.route import ApiRoute
from wizard.source.api.view import METHODS, methods_of_class
from wizard.source.api.view_facts import called_functions, read_headers, wants_token

SHOWS, TAKES = ("get",), ("get", "post")
GENERIC = {
    **dict.fromkeys(("TemplateView", "ListView", "DetailView", "RedirectView", "ArchiveIndexView", "YearArchiveView"), SHOWS),
    **dict.fromkeys(("CreateView", "UpdateView", "DeleteView", "FormView", "LoginView", "PasswordChangeView", "PasswordResetView"), TAKES),
    "LogoutView": ("post",),
    **dict.fromkeys(("SpectacularAPIView", "SpectacularSwaggerView", "SpectacularRedocView"), SHOWS),
}
"""Views that Django and what people install beside it bring along -> the methods that they answer."""
DEEPEST = 6  # urls within urls


@dataclass(frozen=True)
class _Urls:
    project: SourceModules
    owners: Owners
    passed_over: list[str]
    permissions: RestPermissions
    is_open: bool
    """Whether nothing in the project says who may ask."""

    @property
    def known(self) -> int:
        """How much was said or put in its place so far, beside the routes themselves."""
        return len(self.passed_over) + sum(len(mounts) for mounts in self.owners.mounts.values())


def django_routes(project: SourceModules, owners: Owners, passed_over: list[str]) -> list[ApiRoute]:
    """Every route that the files with ``urlpatterns`` show, beginning with those that no other includes."""
    with_patterns = [module for module in project.modules if any(True for _node in _patterns(module))]
    if not with_patterns:
        return []
    included = {text for module in with_patterns for node in ast.walk(module.tree) for text in _included(node)}
    named = {text for module in project.modules if (text := module.text(module.values.get("ROOT_URLCONF")))}
    roots = [module for module in with_patterns if any(f".{module.name}".endswith(f".{name}") for name in named)]
    roots = roots or [module for module in with_patterns if module.name not in included] or with_patterns
    is_open = not any("DEFAULT_PERMISSION_CLASSES" in ast.dump(module.tree) for module in project.modules)
    urls = _Urls(project, owners, passed_over, permissions_of(project), is_open)
    return [route for module in roots for route in _of_module(urls, module, "/", 0)]


def _patterns(module: Module) -> Iterator[ast.expr]:
    """The lists that are, or are added to, ``urlpatterns``."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Assign | ast.AugAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(name_of(target) == "urlpatterns" for target in targets):
                yield node.value


def _included(node: ast.AST) -> list[str]:
    if not isinstance(node, ast.Call) or name_of(node.func) != "include" or not node.args:
        return []
    first = node.args[0]
    return texts(first.elts[:1] if isinstance(first, ast.Tuple) else [first])


def _of_module(urls: _Urls, module: Module, prefix: str, depth: int) -> Iterator[ApiRoute]:
    if depth < DEEPEST:
        for value in _patterns(module):
            yield from _of_list(urls, module, value, prefix, depth)


def _of_list(urls: _Urls, module: Module, value: ast.expr, prefix: str, depth: int) -> Iterator[ApiRoute]:
    match value:
        case ast.List(elts=items) | ast.Tuple(elts=items):
            for item in items:
                yield from _of_item(urls, module, item, prefix, depth)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            yield from _of_list(urls, module, left, prefix, depth)
            yield from _of_list(urls, module, right, prefix, depth)
        case ast.Name():  # more = [path(...), ...]
            where, listed = module.value(value.id)
            if listed is not None and depth < DEEPEST:
                yield from _of_list(urls, where, listed, prefix, depth + 1)
        case ast.Attribute(value=router, attr="urls"):
            yield from _of_router(urls, module, dotted(router), prefix)
        case ast.Call(args=[inner, *_more]):
            yield from _of_list(urls, module, inner, prefix, depth)


def _of_item(urls: _Urls, module: Module, item: ast.expr, prefix: str, depth: int) -> Iterator[ApiRoute]:
    if not isinstance(item, ast.Call) or len(item.args) < 2:
        return
    path, target = module.text(item.args[0]), item.args[1]
    if "admin.site" in ast.unparse(target):
        return
    if name_of(item.func) in ("re_path", "url") and path is not None:
        path = _of_pattern(path)
    if name_of(item.func) not in ("path", "re_path", "url") or path is None:
        urls.passed_over.append(f"{module.path.name}:{item.lineno}: {ast.unparse(item)[:80]}")
        return
    whole = prefix + path
    if isinstance(target, ast.Call) and name_of(target.func) == "include":
        before = urls.known
        routes = list(_of_include(urls, module, target, whole, depth))
        yield from routes
        if not routes and before == urls.known:
            urls.passed_over.append(f"{module.path.name}:{item.lineno}: {ast.unparse(item)[:80]}")
        return
    if isinstance(target, ast.Attribute) and target.attr == "urls":
        key = urls.owners.key(module, dotted(target.value))
        if urls.owners.kind(key) in NINJA:  # its own routes are read where they are registered
            urls.owners.mounts.setdefault(key, []).append(RouteMount(("", ""), whole, adds=True))
            return
    routes = [*_of_view(urls, module, target, whole)]
    if not routes:
        urls.passed_over.append(f"{module.path.name}:{item.lineno}: {ast.unparse(item)[:80]}")
    yield from routes


def _of_include(urls: _Urls, module: Module, include: ast.Call, prefix: str, depth: int) -> Iterator[ApiRoute]:
    for name in _included(include):
        other = next((each for each in urls.project.modules if f".{each.name}".endswith(f".{name}")), None)
        if other is not None:
            yield from _of_module(urls, other, prefix, depth + 1)
    if include.args and not _included(include):
        inner = include.args[0].elts[0] if isinstance(include.args[0], ast.Tuple) else include.args[0]
        yield from _of_list(urls, module, inner, prefix, depth + 1)


def _of_pattern(pattern: str) -> str | None:
    """The path of a simple regular expression, ``^orders/(?P<number>[0-9]{4})/$``; None for one that is more."""

    def parameter(match: re.Match[str]) -> str:
        digits = re.fullmatch(r"(?:\\d|\[0-9\])(?:\+|\{(\d+)\})?", match["of"])
        if digits is None:
            return f"<{match['name']}>"
        return f"<int(min={10 ** (int(digits[1]) - 1)}):{match['name']}>" if digits[1] else f"<int:{match['name']}>"

    whole = re.sub(r"\\([-./])", r"\1", pattern.removeprefix("^").removesuffix("$").removesuffix("\\Z"))
    whole = f"{whole[:-2]}/" if whole.endswith("/?") else whole
    path = re.sub(r"\(\?P<(?P<name>\w+)>(?P<of>[^()]*)\)", parameter, whole)
    plain = re.sub(r"<[^<>]*>", "", path)
    return None if re.search(r"[\\()\[\]{}*+?|^$]", plain) else path


def _of_view(urls: _Urls, module: Module, target: ast.expr, path: str) -> Iterator[ApiRoute]:
    named = target.func.value if isinstance(target, ast.Call) and isinstance(target.func, ast.Attribute) else target
    above = urls.project.class_(module, named)
    if given := library_route([name_of(named), *(urls.project.bases(*above) if above is not None else ())], path):
        yield given
        return
    if isinstance(target, ast.Call) and isinstance(target.func, ast.Attribute) and target.func.attr == "as_view":
        class_def = urls.project.class_(module, target.func.value)
        if class_def is None:
            for method in GENERIC.get(name_of(target.func.value), ()):
                yield ApiRoute(method.upper(), path, name_of(target.func.value))
            return
        if target.args and isinstance(target.args[0], ast.Dict):  # {"get": "list", "post": "create"}
            pairs = zip(target.args[0].keys, target.args[0].values, strict=True)
            actions = {
                texts([value])[0]: texts([key])[0].upper() for key, value in pairs if key is not None and texts([key]) and texts([value])
            }
            yield from _of_actions(urls, *class_def, path, path, actions)
            return
        functions = methods_of_class(urls.project, *class_def)
        generic = {method for base in urls.project.bases(*class_def) for method in GENERIC.get(base, ())}
        for method in METHODS:
            if method in functions:
                yield _route(urls, class_def[0], functions[method], method.upper(), path, class_def[1])
            elif method in generic:
                yield ApiRoute(method.upper(), path, class_def[1].name)
        yield from _of_actions(urls, *class_def, path, path, {action: ACTIONS[action] for action in view_actions(urls.project, *class_def)})
        return
    function = urls.project.function(module, target)
    if function is not None:
        for method in answered_methods(function[1]):
            yield _route(urls, *function, method, path)


def _of_router(urls: _Urls, module: Module, router: str, prefix: str) -> Iterator[ApiRoute]:
    where, name = urls.project.origin(module, router)
    for node in ast.walk(where.tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "register"
            and dotted(node.func.value) == name
        ):
            path = where.text(node.args[0]) if len(node.args) > 1 else None
            class_def = urls.project.class_(where, node.args[1]) if len(node.args) > 1 else None
            if path is None or class_def is None:
                urls.passed_over.append(f"{where.path.name}:{node.lineno}: {ast.unparse(node)[:80]}")
                continue
            slash = "" if _has_no_slash(where, name) else "/"
            every = f"{prefix}{path.strip('/')}{slash}"
            one = f"{every.rstrip('/')}/<{path_parameter(class_def[1])}>{slash}"
            actions = {action: ACTIONS[action] for action in view_actions(urls.project, *class_def)}
            yield from _of_actions(urls, *class_def, every, one, actions)
            yield from _extra_actions(urls, *class_def, every, one)


def _has_no_slash(module: Module, router: str) -> bool:
    """Whether a router is made with ``trailing_slash=False``."""
    made = module.values.get(router)
    slash = keyword(made, "trailing_slash") if isinstance(made, ast.Call) else None
    return isinstance(slash, ast.Constant) and slash.value is False


def _of_actions(urls: _Urls, module: Module, class_def: ast.ClassDef, every: str, one: str, actions: dict[str, str]) -> Iterator[ApiRoute]:
    functions = methods_of_class(urls.project, module, class_def)
    for action, method in actions.items():
        path = one if action in OF_ONE else every
        if action in functions:
            yield _route(urls, module, functions[action], method, path, class_def)
            continue
        is_open = urls.is_open and not any(
            isinstance(line, ast.Assign) and name_of(line.targets[0]) == "permission_classes" for line in class_def.body
        )
        title = f"{class_def.name}: {action.replace('_', ' ')}"
        body = serializer_body(urls.project, module, class_def) if method in ("POST", "PUT", "PATCH") else None
        statuses = STATUSES[action] if is_open and action in STATUSES else ()
        wants = urls.permissions.wants_token(method, module, class_def, None)
        yield ApiRoute(method, path, title, (), RequestInputs(body), statuses, wants_token=wants)


def _extra_actions(urls: _Urls, module: Module, class_def: ast.ClassDef, every: str, one: str) -> Iterator[ApiRoute]:
    """What ``@action(detail=True, methods=["post"])`` adds to a view set."""
    for function in methods_of_class(urls.project, module, class_def).values():
        for decorator in function.decorator_list:
            if isinstance(decorator, ast.Call) and name_of(decorator.func) == "action":
                detail = keyword(decorator, "detail")
                given = keyword(decorator, "methods")
                methods = texts(given.elts) if isinstance(given, ast.List | ast.Tuple) else ["get"]
                last = module.text(keyword(decorator, "url_path")) or function.name
                above = one if isinstance(detail, ast.Constant) and detail.value else every
                path = f"{above.rstrip('/')}/{last}{'/' if above.endswith('/') else ''}"
                for method in methods:
                    yield _route(urls, module, function, method.upper(), path, class_def)


def _route(urls: _Urls, module: Module, function: Function, method: str, path: str, class_def: ast.ClassDef | None = None) -> ApiRoute:
    functions = urls.project.functions()
    reached = called_functions(function, function.decorator_list, functions)
    headers = [header for each in (function, *reached) for header in read_headers(each)]
    inputs = read_inputs(urls.project, module, function).of_method(method)
    if not inputs.body and class_def is not None and method in ("POST", "PUT", "PATCH"):
        inputs.body = serializer_body(urls.project, module, class_def)
    title = (ast.get_docstring(function) or "").splitlines()[:1]
    name = f"{class_def.name}: {function.name}" if class_def else function.name.replace("_", " ")
    extra = [decorator for decorator in function.decorator_list if name_of(decorator) != "action" and not is_action(decorator)]
    statuses = view_statuses(function, functions, extra, None, Style.FLASK, module.imports) if urls.is_open else ()
    several = len(answered_methods(function)) > 1 and class_def is None
    return ApiRoute(
        method,
        path,
        title[0] if title else name,
        tuple(dict.fromkeys(headers)),
        inputs,
        () if several else statuses,
        wants_token=wants_token(urls.project, module, function, function.decorator_list)
        or urls.permissions.wants_token(method, module, class_def, function),
    )
