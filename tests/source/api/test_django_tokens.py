"""Signing in to an API of Django REST: its libraries' views, which views ask who comes, and what the export makes of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.source.api.test_frameworks import read
from wizard.export.rest import render
from wizard.setup.loading import load, resolve
from wizard.source.api.route import ApiReading, ApiRoute
from wizard.testing.rest.file import parse

SIGN_IN = {
    "simplejwt": (
        "from rest_framework_simplejwt.views import TokenObtainPairView",
        "TokenObtainPairView.as_view()",
        "Bearer {{login.response.body.$.access}}",
    ),
    "a class of one's own": (
        "from .views import Mine",
        "Mine.as_view()",
        "Bearer {{login.response.body.$.access}}",
    ),
    "authtoken": (
        "from rest_framework.authtoken.views import obtain_auth_token",
        "obtain_auth_token",
        "Token {{login.response.body.$.token}}",
    ),
    "authtoken's module": (
        "from rest_framework.authtoken import views as tokens",
        "tokens.obtain_auth_token",
        "Token {{login.response.body.$.token}}",
    ),
}
VIEWS = """
    from rest_framework import viewsets, generics, serializers
    from rest_framework.decorators import api_view, permission_classes
    from rest_framework.permissions import AllowAny, IsAuthenticated, IsAuthenticatedOrReadOnly
    from rest_framework_simplejwt.views import TokenObtainPairView
    from django.contrib.auth.models import User
    class Mine(TokenObtainPairView):
        serializer_class = None
    class Register(serializers.ModelSerializer):
        class Meta:
            model = User
            fields = ["id", "username", "email", "password"]
    class SignUp(generics.CreateAPIView):
        permission_classes = [AllowAny]
        serializer_class = Register
    class Orders(viewsets.ModelViewSet):
        permission_classes = (IsAuthenticatedOrReadOnly,)
        serializer_class = Register
    class Mine2(generics.ListAPIView):
        serializer_class = Register
    @api_view(["GET"])
    @permission_classes([IsAuthenticated])
    def me(request):
        return Response({})
"""


def a_project(folder: Path, case: str, settings: str = "") -> ApiReading:
    bring, view, _header = SIGN_IN[case]
    urls = f"""
    from django.urls import include, path
    from rest_framework.routers import DefaultRouter
    from .views import Orders, SignUp, Mine2, me
    {bring}
    router = DefaultRouter()
    router.register("orders", Orders)
    urlpatterns = [
        path("me/", me),
        path("mine/", Mine2.as_view()),
        path("token/", {view}),
        path("sign-up/", SignUp.as_view()),
        path("", include(router.urls)),
    ]
    """
    return read(folder, shop__views=VIEWS, shop__urls=urls, shop__settings=settings)


def wanting(reading: ApiReading) -> set[str]:
    return {f"{route.method} {route.path}" for route in reading.routes if route.wants_token}


def at(reading: ApiReading, request: str) -> ApiRoute:
    return next(route for route in reading.routes if f"{route.method} {route.path}" == request)


@pytest.mark.parametrize("case", SIGN_IN)
def test_a_librarys_view_signs_in_and_what_asks_who_comes_carries_its_token(tmp_path: Path, case: str) -> None:
    reading = a_project(tmp_path / "code", case)
    changes = {"POST /orders/", "PUT /orders/<int:pk>/", "PATCH /orders/<int:pk>/", "DELETE /orders/<int:pk>/"}
    assert wanting(reading) == {"GET /me/", *changes}
    assert at(reading, "POST /sign-up/").body == {"username": "text", "email": "anna@example.com", "password": "Example-passw0rd"}
    setup = tmp_path / "azwizard.toml"
    setup.write_text('format = 2\n[project]\nname = "orders"\nenvironment = "dev"\nregion = "westeurope"\n')
    text = render(resolve(load(setup)), "host", tmp_path / "code")
    assert text.index("/token/") < text.index("/me/")
    assert text.count(f"Authorization: {SIGN_IN[case][2]}") == 5
    assert "# @prompt username\n# @prompt password\n" in text
    assert [request.trouble for request in parse(text).requests if request.trouble] == []


def test_the_default_of_the_settings_counts_where_a_view_says_nothing(tmp_path: Path) -> None:
    settings = 'ROOT_URLCONF = "shop.urls"\nREST_FRAMEWORK = {"DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"]}'
    assert "GET /mine/" in wanting(a_project(tmp_path, "simplejwt", settings))
    assert "POST /sign-up/" not in wanting(a_project(tmp_path, "simplejwt", settings))
