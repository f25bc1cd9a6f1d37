"""Five Flask projects of different shapes that work, and what a finding is told as."""

from __future__ import annotations

from typing import Any

FACTORY = """
    from flask import Flask

    def create_app(config_name="default"):
        app = Flask(__name__)
        return app
"""
MODULE = """
    import os
    from flask import Flask

    app = Flask(__name__)

    @app.get("/health")
    def health():
        return "ok"
"""
GUARDED = """

    if __name__ == "__main__":
        app.run()
"""
ARTICLE_RUN = """
    import os

    from app import create_app

    config_name = os.getenv("FLASK_CONFIG") or "default"
    app = create_app(config_name)

    if __name__ == "__main__":
        app.run(host="0.0.0.0", port=5000)
"""
LIST_CMD = 'CMD ["gunicorn", "--bind", "0.0.0.0:5000", "run:app"]'


def dockerfile(*last: str, image: str = "python:3.12-slim", install: str = "pip install --no-cache-dir -r requirements.txt") -> str:
    lines = [f"FROM {image}", "WORKDIR /project-container", "COPY . .", f"RUN {install}", *last]
    return "\n".join(lines) + "\n"


ARTICLE = {
    "app/__init__.py": FACTORY,
    "run.py": ARTICLE_RUN,
    "requirements.txt": "Flask==3.1.0\ngunicorn==23.0.0\n",
    "Dockerfile": dockerfile("EXPOSE 5000", LIST_CMD),
}
SUBFOLDER = {
    "orders.py": MODULE + GUARDED,
    "requirements/base.txt": "Flask\n",
    "requirements/prod.txt": "-r base.txt\ngunicorn[gevent]>=22\n",
    "docker/Dockerfile": dockerfile(
        "CMD exec gunicorn -b 0.0.0.0:$PORT orders:app", install="pip install -r requirements/prod.txt"
    ).replace("COPY", "ENV PORT=5000\nCOPY"),
}
PYPROJECT = {
    "pyproject.toml": '[project]\nname = "orders"\nversion = "1"\ndependencies = [\n    "flask>=3",\n    "gunicorn",\n]\n',
    "src/orders/__init__.py": FACTORY,
    "Dockerfile": dockerfile('ENTRYPOINT ["gunicorn"]', 'CMD ["-b", ":5000", "orders:create_app()"]', install="pip install ."),
}
CONFIGURED = {
    "service/__init__.py": "",
    "service/web.py": MODULE,
    "gunicorn.conf.py": "import os\n\nbind = f\"0.0.0.0:{os.environ.get('PORT', '5000')}\"\nworkers = int(os.getenv(\"WORKERS\", 2))\n",
    "requirements.txt": "flask\ngunicorn\n",
    "Dockerfile": dockerfile('CMD ["gunicorn", "service.web:app"]'),
}
STAGED = {
    "wsgi.py": MODULE,
    "Pipfile": '[packages]\nflask = "*"\ngunicorn = "*"\n',
    "start.sh": '#!/bin/sh\nset -e\nflask db upgrade\nexec gunicorn --chdir /srv/api --bind 0.0.0.0:8080 wsgi:app\n',
    "Dockerfile": "FROM python:3.12 AS build\nWORKDIR /build\nCOPY Pipfile .\nRUN pip install pipenv && pipenv install --system\n"
    'FROM build\nWORKDIR /srv/api\nCOPY wsgi.py start.sh ./\nENTRYPOINT ["./start.sh"]\n',
}  # fmt: skip
Files = dict[str, str]
Found = list[tuple[str, str, str]]


def changed(files: Files, name: str, old: str, new: str) -> Files:
    """A project with one text in one file replaced."""
    assert old in files[name]
    return {**files, name: files[name].replace(old, new)}


def told(findings: Any) -> Found:
    """Severity, id and place of each finding."""
    return [(str(finding.severity), finding.id, finding.where) for finding in findings]
