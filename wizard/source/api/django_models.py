"""What Django's serializers take of their models: the fields that a client writes."""

from __future__ import annotations

import ast
from typing import Any

from wizard.source.api.limits import limits_of
from wizard.source.api.modules import Module, SourceModules, keyword, name_of, texts

FIELDS: dict[str, Any] = {
    **dict.fromkeys(("CharField", "TextField", "SlugField"), "text"),
    **dict.fromkeys(("IntegerField", "PositiveIntegerField", "PositiveSmallIntegerField", "SmallIntegerField", "BigIntegerField"), 1),
    **dict.fromkeys(("FloatField", "DecimalField", "ForeignKey", "OneToOneField"), 1),
    "BooleanField": True,
    "EmailField": "anna@example.com",
    "URLField": "https://example.com",
    "UUIDField": "00000000-0000-0000-0000-000000000000",
    "DateField": "2026-01-31",
    "DateTimeField": "2026-01-31T12:00:00Z",
    "TimeField": "12:00:00",
    "DurationField": "1:00:00",
    "JSONField": {},
}
OF_USERS = {"username": "text", "password": "Example-passw0rd", "email": "anna@example.com", "first_name": "text", "last_name": "text"}
"""What a client writes of Django's own user (docs.djangoproject.com, django.contrib.auth)."""
USERS = ("User", "AbstractUser", "get_user_model")
OF_ITSELF = ("auto_now", "auto_now_add", "primary_key")


def of_model_serializer(project: SourceModules, module: Module, class_def: ast.ClassDef) -> dict[str, Any]:
    """The fields of the model that a serializer's ``Meta`` names; {} for any other class."""
    meta = next((line for line in class_def.body if isinstance(line, ast.ClassDef) and line.name == "Meta"), None)
    if meta is None or not {"ModelSerializer", "HyperlinkedModelSerializer"} & set(project.bases(module, class_def)):
        return {}
    options = {name_of(line.targets[0]): line.value for line in meta.body if isinstance(line, ast.Assign)}
    model = project.class_(module, options["model"]) if "model" in options else None
    named_model = options.get("model")
    if model is None and name_of(named_model.func if isinstance(named_model, ast.Call) else named_model) not in USERS:
        return {}
    example = _of_model(project, *model) if model is not None else dict(OF_USERS)
    named = options.get("fields")
    wanted = texts(named.elts) if isinstance(named, ast.List | ast.Tuple) else list(example)
    left_out = {
        text
        for option in ("exclude", "read_only_fields")
        if isinstance(listed := options.get(option), ast.List | ast.Tuple)
        for text in texts(listed.elts)
    }
    return {name: value for name, value in example.items() if name in wanted and name not in left_out}


def _of_model(project: SourceModules, module: Module, class_def: ast.ClassDef) -> dict[str, Any]:
    example: dict[str, Any] = {}
    for base in class_def.bases:
        if above := project.class_(module, base):
            example |= _of_model(project, *above)
        elif name_of(base) == "AbstractUser":
            example |= OF_USERS
    for line in class_def.body:
        if not isinstance(line, ast.Assign | ast.AnnAssign) or not isinstance(line.value, ast.Call):
            continue
        call, kind = line.value, name_of(line.value.func)
        if kind not in FIELDS or any(_is_true(keyword(call, word)) for word in OF_ITSELF) or _is_false(keyword(call, "editable")):
            continue
        example[name_of(line.targets[0] if isinstance(line, ast.Assign) else line.target)] = _example(module, call, kind)
    return example


def _example(module: Module, call: ast.Call, kind: str) -> Any:
    default = keyword(call, "default")
    if isinstance(default, ast.Constant) and default.value not in (None, ""):
        return default.value
    choices = keyword(call, "choices")
    if isinstance(choices, ast.Attribute) and choices.attr == "choices":  # Kind.choices of a TextChoices
        values = [value for name, value in module.values.items() if name.startswith(f"{name_of(choices.value)}.")]
        firsts = [value.elts[0] if isinstance(value, ast.Tuple) and value.elts else value for value in values]
        return next((first.value for first in firsts if isinstance(first, ast.Constant)), "text")
    listed = module.value(name_of(choices))[1] if isinstance(choices, ast.Name) else choices
    if isinstance(listed, ast.List | ast.Tuple) and listed.elts and isinstance(listed.elts[0], ast.Tuple):
        return texts(listed.elts[0].elts[:1])[0] if texts(listed.elts[0].elts[:1]) else "text"
    return limits_of(call).within(FIELDS[kind])


def _is_true(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is True


def _is_false(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is False
