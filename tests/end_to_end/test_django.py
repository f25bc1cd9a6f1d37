"""A Django project of a person's: its own list of hosts, migrations, static files and SQLite, from the suggestions to its answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.end_to_end.conftest import WizardProcess
from tests.support.base_project import PersonsProject
from wizard.lint.scaffold import missing_files

FILES: dict[str, str | bytes | None] = {
    "manage.py": """
        import os
        import sys
        if __name__ == "__main__":
            os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
            from django.core.management import execute_from_command_line
            execute_from_command_line(sys.argv)
    """,
    "shop/__init__.py": "",
    "shop/settings.py": """
        import os
        from pathlib import Path
        BASE_DIR = Path(__file__).resolve().parent.parent
        SECRET_KEY = os.environ["SECRET_KEY"]
        DEBUG = False
        ALLOWED_HOSTS = ["." + os.environ.get("CONTAINER_APP_ENV_DNS_SUFFIX", "azurecontainerapps.io")]
        INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.staticfiles", "orders"]
        MIDDLEWARE = ["whitenoise.middleware.WhiteNoiseMiddleware", "django.middleware.common.CommonMiddleware"]
        ROOT_URLCONF = "shop.urls"
        DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "data" / "shop.sqlite3"}}
        DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
        STATIC_URL = "static/"
        STATIC_ROOT = BASE_DIR / "collected"
    """,
    "shop/urls.py": """
        from django.urls import path
        from orders.views import health, orders
        urlpatterns = [path("health/", health), path("orders/", orders)]
    """,
    "shop/wsgi.py": """
        import os
        from django.core.wsgi import get_wsgi_application
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
        application = get_wsgi_application()
    """,
    "orders/__init__.py": "",
    "orders/models.py": """
        from django.db import models
        class Order(models.Model):
            item = models.CharField(max_length=80)
    """,
    "orders/migrations/__init__.py": "",
    "orders/migrations/0001_initial.py": """
        from django.db import migrations, models
        class Migration(migrations.Migration):
            initial = True
            dependencies = []
            operations = [
                migrations.CreateModel(
                    "Order",
                    [("id", models.AutoField(primary_key=True)), ("item", models.CharField(max_length=80))],
                )
            ]
    """,
    "orders/views.py": """
        from django.http import JsonResponse
        from orders.models import Order
        def health(request):
            return JsonResponse({"host": request.get_host()})
        def orders(request):
            if "new" in request.GET:
                Order.objects.create(item=request.GET["new"])
            return JsonResponse({"orders": [order.item for order in Order.objects.all()]})
    """,
    "orders/static/orders/shop.css": "body { color: navy }\n",
    "requirements.txt": "django\ngunicorn\nwhitenoise\n",
}
"""Its pages refuse every name but Azure's, under which the probes ask too."""


@pytest.mark.nightly
def test_it_answers_under_azures_name_keeps_its_rows_and_is_unchanged_the_second_time(tmp_path: Path) -> None:
    project = PersonsProject(tmp_path / "shop").write(FILES)
    project.write(dict(missing_files(project.facts())))
    tables = project.accepted()
    assert [finding.id for finding in project.check(**tables) if finding.severity == "error"] == []
    wizard = WizardProcess(tmp_path / "home", project.folder, {"AZWIZARD_SECRET_SECRET_KEY": "canary-for-django-4711"})
    try:
        applied = wizard.apply()
        assert applied.exit == 0, applied.stdout + applied.stderr
        url, practice = applied.result["url"], wizard.practice()
        health = practice.request("GET", f"{url}/health/")
        assert (health.status, health.json()["host"]) == (200, url.removeprefix("https://"))
        assert practice.request("GET", f"{url}/orders/?new=tea").json() == {"orders": ["tea"]}
        again = wizard.apply()
        assert (again.exit, again.result["outcome"]) == (0, "unchanged")
        assert wizard.apply("--set", "app.cpu=0.5", "--set", "app.memory=1Gi").exit == 0
        assert practice.request("GET", f"{url}/orders/").json() == {"orders": ["tea"]}
    finally:
        wizard("practice", "stop")
