"""The article's own failure: Flask's development server on 127.0.0.1 is predicted, diagnosed once deployed, mended, and then answers."""

from __future__ import annotations

import shutil
from unittest.mock import ANY

from .conftest import WizardProcess

FACTORY = """\
from flask import Flask, jsonify


class MyApp:
    @staticmethod
    def create_app(config_name):
        app = Flask(__name__)
        app.get("/health")(lambda: jsonify(status="ok"))
        return app
"""
SERVED = 'from app import MyApp\n\nMyApp.create_app("development").run()\n'
DOCKERFILE = """\
FROM python:3.12-slim
WORKDIR /project-container
COPY . .
RUN pip install --no-cache-dir -r requirements.txt
EXPOSE 5000
CMD ["python", "serve.py"]
"""
SETUP = 'format = 1\n\n[project]\nname = "article"\nenvironment = "dev"\nregion = "westeurope"\n'


def write_project(wizard: WizardProcess) -> None:
    shutil.rmtree(wizard.folder)
    (wizard.folder / "app").mkdir(parents=True)
    files = {
        "app/__init__.py": FACTORY,
        "serve.py": SERVED,
        "requirements.txt": "Flask\n",
        "Dockerfile": DOCKERFILE,
        "azwizard.toml": SETUP,
    }
    for name, text in files.items():
        (wizard.folder / name).write_text(text)


def test_the_development_server_is_predicted_diagnosed_and_mended(wizard: WizardProcess) -> None:
    write_project(wizard)
    wizard("practice", "start", "--speed", "instant")

    planned = wizard("plan", "--practice", "--json")
    assert planned.exit == 3
    predicted = planned.of("finding", finding="dev-server")[0]
    assert (predicted["severity"], predicted["file"], predicted["line"]) == ("error", "Dockerfile", 6)
    assert "111" in predicted["detail"]
    assert predicted["replacement"] == 'CMD ["gunicorn", "--bind", "0.0.0.0:5000", "run:app"]'

    assert wizard("check", "--practice", "--json").of("finding", finding="dev-server") == [{**predicted, "time": ANY}]

    assert wizard.apply("--set", "pipeline.check_code=false").exit == 1
    outcome = wizard("doctor", "--practice", "--json")
    assert outcome.exit == 1
    assert [event["verdict"] for event in outcome.of("verdict")] == ["loopback"]
    assert "111" in outcome.of("verdict")[0]["detail"]

    mended = wizard("doctor", "--practice", "--fix", "--yes", "--json")
    assert mended.exit == 0, mended.stdout + mended.stderr
    assert "+app = MyApp.create_app(config_name)" in mended.stderr
    assert [event["verdict"] for event in mended.of("verdict")] == ["loopback", "healthy"]
    assert wizard("test", "--practice", "--json").of("request", path="/health")[0]["status"] == 200


def test_a_subscription_that_is_switched_off_is_a_verdict(wizard: WizardProcess) -> None:
    wizard("practice", "start", "--speed", "instant", "--fault", "subscription-disabled")
    outcome = wizard("doctor", "--practice", "--json")
    assert (outcome.exit, [event["verdict"] for event in outcome.of("verdict")]) == (1, ["subscription-disabled"])
