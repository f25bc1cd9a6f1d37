"""How one signs in to an API of Django REST: the views that its libraries bring along, and which of a project's views ask who comes."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from wizard.source.api.inputs import RequestInputs
from wizard.source.api.modules import Function, Module, SourceModules, name_of, texts
from wizard.source.api.route import ApiRoute
from wizard.source.api.view_facts import SignInView

_KEYS = ("username", "password")
SIGN_INS = {
    **dict.fromkeys(("TokenObtainPairView", "token_obtain_pair"), SignInView("$.access", _KEYS)),
    **dict.fromkeys(("ObtainAuthToken", "obtain_auth_token"), SignInView("$.token", _KEYS, scheme="Token")),
    **dict.fromkeys(("ObtainJSONWebTokenView", "obtain_jwt_token"), SignInView("$.token", _KEYS, scheme="JWT")),
}
"""Views of djangorestframework-simplejwt, of REST framework's own authtoken, and of drf-jwt -> what they want and give."""
_REFRESH, _VERIFY = {"refresh": "{{login.response.body.$.refresh}}"}, {"token": "{{login.response.body.$.access}}"}
BODIES = {"TokenRefreshView": _REFRESH, "token_refresh": _REFRESH, "TokenVerifyView": _VERIFY, "token_verify": _VERIFY}
OPEN = ("AllowAny",)
OPEN_TO_READ = ("IsAuthenticatedOrReadOnly", "DjangoModelPermissionsOrAnonReadOnly")
BASES = ("APIView", "GenericAPIView", "ViewSet", "GenericViewSet", "ModelViewSet", "ReadOnlyModelViewSet")


def library_route(names: list[str], path: str) -> ApiRoute | None:
    """The request to a view that a library brings along, or to a class made from it; None for any other."""
    for name in names:
        if name in SIGN_INS:
            example = dict.fromkeys(SIGN_INS[name].keys, "text")
            return ApiRoute("POST", path, names[0], inputs=RequestInputs(example), statuses=(200,), sign_in=SIGN_INS[name])
        if name in BODIES:
            return ApiRoute("POST", path, names[0], inputs=RequestInputs(BODIES[name]), statuses=(200,))
    return None


@dataclass(frozen=True)
class RestPermissions:
    """Which views want a token.

    :param gives_tokens: whether the project has a view that gives one; what wants a session instead is none of ours.
    :param default: the permissions of REST_FRAMEWORK's DEFAULT_PERMISSION_CLASSES.
    """

    project: SourceModules
    gives_tokens: bool
    default: tuple[str, ...]

    def wants_token(self, method: str, module: Module, class_def: ast.ClassDef | None, function: Function | None) -> bool:
        """Whether a view of REST framework asks who comes: by a decorator, by its class, or by default."""
        if not self.gives_tokens:
            return False
        named = _decorated(function) if function is not None else None
        if named is None and class_def is not None:
            named = self._of_class(module, class_def)
        if named is None and self._is_of_rest_framework(module, class_def, function):
            named = self.default
        is_read = method in ("GET", "HEAD", "OPTIONS")
        return any(name not in OPEN and not (is_read and name in OPEN_TO_READ) for name in named or ())

    def _of_class(self, module: Module, class_def: ast.ClassDef) -> tuple[str, ...] | None:
        _where, value = self.project.attribute(module, class_def, "permission_classes")
        return _names(value) if value is not None else None

    def _is_of_rest_framework(self, module: Module, class_def: ast.ClassDef | None, function: Function | None) -> bool:
        if class_def is not None:
            bases = self.project.bases(module, class_def)
            return any(base in BASES or base.endswith(("APIView", "ModelMixin")) for base in bases)
        return function is not None and any("api_view" in ast.unparse(decorator) for decorator in function.decorator_list)


def permissions_of(project: SourceModules) -> RestPermissions:
    """Read what a project's settings and urls say of it."""
    gives_tokens = False
    default: tuple[str, ...] = ("AllowAny",)
    for module in project.modules:
        for node in ast.walk(module.tree):
            gives_tokens = gives_tokens or name_of(node) in SIGN_INS
            if isinstance(node, ast.Dict):
                pairs = zip(node.keys, node.values, strict=True)
                listed = [value for key, value in pairs if isinstance(key, ast.Constant) and key.value == "DEFAULT_PERMISSION_CLASSES"]
                default = _names(listed[0]) if listed else default
    return RestPermissions(project, gives_tokens, default)


def _decorated(function: Function) -> tuple[str, ...] | None:
    """What ``@permission_classes([IsAuthenticated])`` names."""
    for decorator in function.decorator_list:
        if isinstance(decorator, ast.Call) and name_of(decorator.func) == "permission_classes" and decorator.args:
            return _names(decorator.args[0])
    return None


def _names(listed: ast.expr) -> tuple[str, ...]:
    items = listed.elts if isinstance(listed, ast.List | ast.Tuple) else [listed]
    return tuple((texts([item]) or [name_of(item)])[0].rpartition(".")[2] for item in items)
