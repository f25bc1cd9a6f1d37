"""The views of Django and of its REST framework: their actions, methods and serializers."""

from __future__ import annotations

import ast
import re

from wizard.source.api.modules import Function, Module, SourceModules, dotted, name_of, texts
from wizard.source.api.schemas import of_schema
from wizard.source.api.view import methods_of_class

ACTIONS = {"list": "GET", "create": "POST", "retrieve": "GET", "update": "PUT", "partial_update": "PATCH", "destroy": "DELETE"}
OF_ONE = ("retrieve", "update", "partial_update", "destroy")
STATUSES = {
    "list": (200,),
    "create": (201,),
    "retrieve": (200, 404),
    "update": (200, 404),
    "partial_update": (200, 404),
    "destroy": (204, 404),
}
BASES = {
    "ModelViewSet": tuple(ACTIONS),
    "ReadOnlyModelViewSet": ("list", "retrieve"),
    "ListModelMixin": ("list",),
    "CreateModelMixin": ("create",),
    "RetrieveModelMixin": ("retrieve",),
    "UpdateModelMixin": ("update", "partial_update"),
    "DestroyModelMixin": ("destroy",),
    "ListAPIView": ("list",),
    "CreateAPIView": ("create",),
    "RetrieveAPIView": ("retrieve",),
    "UpdateAPIView": ("update", "partial_update"),
    "DestroyAPIView": ("destroy",),
    "ListCreateAPIView": ("list", "create"),
    "RetrieveUpdateAPIView": ("retrieve", "update", "partial_update"),
    "RetrieveDestroyAPIView": ("retrieve", "destroy"),
    "RetrieveUpdateDestroyAPIView": ("retrieve", "update", "partial_update", "destroy"),
}


def path_parameter(class_def: ast.ClassDef) -> str:
    """The parameter that names one of a view set's things in its path, such as ``int:pk`` or its ``lookup_field``."""
    field = next(
        (
            text
            for line in class_def.body
            if isinstance(line, ast.Assign) and name_of(line.targets[0]) == "lookup_field"
            for text in texts([line.value])
        ),
        "",
    )
    return field or "int:pk"


def serializer_body(project: SourceModules, module: Module, class_def: ast.ClassDef) -> object:
    """A body that the serializer of a view would accept; None where the view names none."""
    for line in class_def.body:
        if isinstance(line, ast.Assign) and name_of(line.targets[0]) == "serializer_class":
            return of_schema(project, module, line.value)
    return None


def view_actions(project: SourceModules, module: Module, class_def: ast.ClassDef) -> list[str]:
    """The actions that a view set has of its bases and of its own, in the order of `ACTIONS`."""
    actions = [action for base in project.bases(module, class_def) for action in BASES.get(base, ())]
    own = [name for name in methods_of_class(project, module, class_def) if name in ACTIONS]
    return [action for action in ACTIONS if action in {*actions, *own}]


def answered_methods(function: Function) -> list[str]:
    """The methods of ``@api_view([…])`` or ``@require_http_methods``; otherwise GET, and what ``request.method`` is compared with."""
    for decorator in function.decorator_list:
        if isinstance(decorator, ast.Call) and name_of(decorator.func) in ("api_view", "require_http_methods") and decorator.args:
            methods = decorator.args[0]
            return [text.upper() for text in texts(methods.elts)] if isinstance(methods, ast.List | ast.Tuple) else ["GET"]
        if match := re.fullmatch(r"require_(GET|POST|safe)", name_of(decorator)):
            return [match[1].replace("safe", "GET")]
    compares = [node for node in ast.walk(function) if isinstance(node, ast.Compare) and dotted(node.left) == "request.method"]
    compared = [
        text
        for node in compares
        for part in node.comparators
        for text in texts(part.elts if isinstance(part, ast.List | ast.Tuple | ast.Set) else [part])
    ]
    if not compared:
        asked = {dotted(node.value) for node in ast.walk(function) if isinstance(node, ast.Subscript)}
        return ["POST"] if asked & {"request.POST", "request.FILES"} else ["GET"]
    last = function.body[-1]  # what is left for a method that nothing asked for
    falls_through = isinstance(last, ast.Return) and not re.search(r"\b405\b|NotAllowed", ast.unparse(last))
    refuses_others = any(isinstance(node.ops[0], ast.NotEq | ast.NotIn) for node in compares)
    return list(dict.fromkeys([*(["GET"] if "GET" in compared or (falls_through and not refuses_others) else []), *compared]))


def is_action(decorator: ast.expr) -> bool:
    """Whether this is ``@action(...)``, which adds a request of its own to a view set."""
    return isinstance(decorator, ast.Call) and name_of(decorator.func) == "action"
