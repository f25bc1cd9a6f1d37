"""Shapes of Dockerfile that people have, each with the files it takes; all of them serve ``ok`` on port 5000."""

from __future__ import annotations

from dataclasses import dataclass, field

APP = 'from flask import Flask\n\napp = Flask(__name__)\n\n\n@app.get("/")\ndef home():\n    return "ok"\n'
SERVE = 'CMD ["gunicorn", "--bind", "0.0.0.0:5000", "run:app"]\n'
BASE = "FROM python:3.11-slim\nWORKDIR /app\n"
INSTALL = "COPY . .\nRUN pip install -r requirements.txt\n"
PLAIN = {"requirements.txt": "flask\ngunicorn\n", "run.py": APP}
PYPROJECT = '[project]\nname = "orders"\nversion = "1"\nrequires-python = ">=3.11"\ndependencies = ["flask", "gunicorn"]\n'
PACKAGE = "Package: compiler\nVersion: 1\nArchitecture: all\nMaintainer: none <none@example.com>\nDescription: stands for gcc\n"
POETRY = (
    '[tool.poetry]\nname = "orders"\nversion = "1"\ndescription = ""\nauthors = []\npackage-mode = false\n\n'
    '[tool.poetry.dependencies]\npython = "^3.11"\n'
)


@dataclass(frozen=True)
class DockerfileShape:
    """One Dockerfile with its context.

    :param dockerfile: where it lies in the context.
    """

    name: str
    text: str
    files: dict[str, str] = field(default_factory=lambda: dict(PLAIN))
    dockerfile: str = "Dockerfile"
    target: str = ""


SHAPES = (
    DockerfileShape(
        "multi-stage with a virtual environment",
        "FROM python:3.11-slim AS build\nRUN python -m venv /opt/venv\nENV PATH=/opt/venv/bin:$PATH\nCOPY requirements.txt .\n"
        "RUN pip install -r requirements.txt\n" + BASE + "COPY --from=build /opt/venv /opt/venv\nENV PATH=/opt/venv/bin:$PATH\nCOPY . .\n"
        'CMD ["python", "-m", "gunicorn", "--bind", "0.0.0.0:5000", "run:app"]\n',
    ),
    DockerfileShape(
        "a target before the last stage",
        BASE.replace("slim", "slim AS serve") + INSTALL + SERVE + "FROM serve AS test\nRUN exit 9\n",
        target="serve",
    ),
    DockerfileShape(
        "packages of apt to build with",
        BASE + "COPY . .\nRUN apt-get update && dpkg-deb --build compiler compiler.deb \\\n"
        "    && apt-get install -y --no-install-recommends ./compiler.deb \\\n    && pip install -r requirements.txt \\\n"
        "    && apt-get purge -y --auto-remove compiler \\\n    && rm -rf /var/lib/apt/lists/*\n" + SERVE,
        {**PLAIN, "compiler/DEBIAN/control": PACKAGE},
    ),
    DockerfileShape(
        "pip installed with --user",
        BASE + "COPY . .\nRUN pip install --user -r requirements.txt\nENV PATH=/root/.local/bin:$PATH\n" + SERVE,
    ),
    DockerfileShape(
        "an ENTRYPOINT script",
        BASE + 'COPY . .\nRUN pip install -r requirements.txt && chmod +x start.sh\nENTRYPOINT ["./start.sh"]\nCMD ["run:app"]\n',
        {**PLAIN, "start.sh": '#!/bin/sh\nset -e\nexec gunicorn --bind 0.0.0.0:5000 "$@"\n'},
    ),
    DockerfileShape(
        "uv",
        BASE + "RUN pip install uv\nCOPY . .\nRUN uv pip install --system -r pyproject.toml\n" + SERVE,
        {"pyproject.toml": PYPROJECT, "run.py": APP},
    ),
    DockerfileShape(
        "poetry",
        BASE + "RUN pip install poetry\nCOPY . .\nRUN poetry config virtualenvs.create false && poetry check || true\n"
        "RUN pip install flask gunicorn\n" + SERVE,
        {"pyproject.toml": POETRY, "run.py": APP},
    ),
    DockerfileShape(
        "pipenv",
        BASE + "RUN pip install pipenv\nCOPY . .\nRUN pipenv --version && pip install flask gunicorn\n" + SERVE,
        {"Pipfile": '[packages]\nflask = "*"\ngunicorn = "*"\n', "run.py": APP},
    ),
    DockerfileShape("a user that is not root", BASE + "COPY . .\nRUN pip install -r requirements.txt && useradd app\nUSER app\n" + SERVE),
    DockerfileShape(
        "HEALTHCHECK and LABEL", BASE + "COPY . .\nRUN pip install -r requirements.txt\nHEALTHCHECK CMD exit 1\nLABEL a=b\n" + SERVE
    ),
    DockerfileShape(
        "no bash", BASE + "COPY . .\nRUN pip install -r requirements.txt && rm -f /bin/bash\nCMD gunicorn --bind 0.0.0.0:5000 run:app\n"
    ),
    DockerfileShape(
        "COPY --chown and a folder of modes",
        BASE
        + "RUN useradd app && mkdir -p data && chmod 700 data && chown app data\n"
        + INSTALL.replace("COPY", "COPY --chown=app")
        + "USER app\n"
        + SERVE,
    ),
    DockerfileShape(
        "a Dockerfile in a subfolder",
        BASE + "COPY api/ .\nRUN pip install -r requirements.txt\n" + SERVE,
        {f"api/{name}": text for name, text in PLAIN.items()},
        dockerfile="docker/Dockerfile",
    ),
)
