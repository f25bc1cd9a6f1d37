"""What only BuildKit builds is found before anything is made; what is proposed instead keeps what the line needs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.lint.projects import ARTICLE, LIST_CMD, told
from wizard.lint.fixes import repaired
from wizard.lint.fixes import write as write_files

FILES = {**ARTICLE, "pyproject.toml": "", "run.sh": "#!/bin/sh\n", "conf/app.toml": "", "a b.txt": ""}
INSTALL = "RUN pip install -r requirements.txt"


def dockerfile(*lines: str, image: str = "python:3.12-slim") -> str:
    return "\n".join([f"FROM {image}", "WORKDIR /srv", *lines, "COPY . .", LIST_CMD, ""])


def findings_of(check: Callable[..., Any], text: str, **tables: Any) -> Any:
    return [finding for finding in check({**FILES, "Dockerfile": text}, **tables) if finding.id in ("not-buildable", "copy-missing")]


FIXED = {
    "a cache": ("RUN --mount=type=cache,target=/root/.cache/pip pip install -r requirements.txt", [INSTALL]),
    "bound files, as docker init writes them": (
        "RUN --mount=type=cache,target=/root/.cache/pip \\\n    --mount=type=bind,source=requirements.txt,target=requirements.txt \\\n"
        "    pip install -r requirements.txt",
        ["COPY requirements.txt requirements.txt", INSTALL],
    ),
    "bound files without a type": (
        "RUN --mount=source=pyproject.toml,target=/x/pyproject.toml --mount=type=bind,src=conf,dst=/x/conf uv sync",
        ["COPY pyproject.toml /x/pyproject.toml", "COPY conf /x/conf", "RUN uv sync"],
    ),
    "a program of another image": (
        "RUN --mount=from=ghcr.io/astral-sh/uv,source=/uv,target=/bin/uv uv sync",
        ["COPY --from=ghcr.io/astral-sh/uv /uv /bin/uv", "RUN uv sync"],
    ),
    "no network, and a comment between": ("RUN --network=default \\\n    # why\n    true", ["RUN true"]),
    "a mode": ("COPY --chmod=755 run.sh /run.sh", ["COPY run.sh /run.sh", "RUN chmod 755 /run.sh"]),
    "a mode in a folder": (
        "COPY --chown=app --chmod=+x run.sh run.py ./",
        ["COPY --chown=app run.sh run.py ./", "RUN chmod +x ./run.sh ./run.py"],
    ),
    "a mode of a whole folder": ("COPY --chmod=0644 conf /conf/", ["COPY conf /conf/", "RUN chmod -R 0644 /conf/"]),
    "a mode of another stage's": (
        "COPY --from=busybox --chmod=755 /bin/busybox /bin/",
        ["COPY --from=busybox /bin/busybox /bin/", "RUN chmod -R 755 /bin/busybox"],
    ),
    "a mode, as another user": (
        "USER app\nCOPY --chmod=755 run.sh /run.sh",
        ["USER app", "COPY run.sh /run.sh", "USER root", "RUN chmod 755 /run.sh", "USER app"],
    ),
    "a mode and a name with a blank": (
        'COPY --chmod=600 ["a b.txt", "/x/"]',
        ['COPY ["a b.txt", "/x/"]', 'RUN ["chmod", "600", "/x/a b.txt"]'],
    ),
    "a link": ("COPY --link run.sh /run.sh", ["COPY run.sh /run.sh"]),
    "a checksum": (
        "ADD --checksum=sha256:24454f83 https://example.org/x.tar /x.tar",
        ["ADD https://example.org/x.tar /x.tar", 'RUN echo "24454f83  /x.tar" | sha256sum -c -'],
    ),
    "commands in a here-document": (
        "RUN <<EOF\nset -e\n# packages\napt-get update\n\napt-get install -y curl\nEOF",
        ["RUN set -e && \\", "    apt-get update && \\", "    apt-get install -y curl"],
    ),
    "a file in a here-document": (
        "COPY <<EOF /etc/app/app.conf\n[app]\nname = it's\nEOF",
        ["RUN mkdir -p /etc/app && printf '%s\\n' \\", "    '[app]' \\", "    'name = it'\\''s' \\", "    > /etc/app/app.conf"],
    ),
    "the platform's names": ("ARG TARGETARCH VERSION=1", ["ARG TARGETARCH=amd64 VERSION=1"]),
    "several files into a dot": ("COPY run.py requirements.txt .", ["COPY run.py requirements.txt ./"]),
    "a pattern of several files into a folder without a slash": ("COPY run.* /x", ["COPY run.* /x/"]),
}
UNDECIDED = {
    "a secret": "RUN --mount=type=secret,id=token cat /run/secrets/token",
    "an agent": "RUN --mount=type=ssh git clone git@github.com:o/r",
    "bound files that are not sent": "RUN --mount=type=bind,source=absent.txt,target=absent.txt true",
    "rights": "RUN --security=insecure true",
    "parents": "COPY --parents conf/app.toml /x/",
    "left out": "COPY --exclude=*.md . /x/",
    "a repository": "ADD https://github.com/o/r.git /x",
    "a program in a here-document": "RUN python3 <<EOF\nprint(1)\nEOF",
    "a loop in a here-document": "RUN <<EOF\nfor x in 1 2; do\n  echo $x\ndone\nEOF",
    "variables in a here-document": "COPY <<EOF /x\n$HOME\nEOF",
    "a prefix cut off": "LABEL x=${HOME#/}",
    "behind ONBUILD": "ONBUILD COPY --chmod=755 run.sh /run.sh",
    "a mode where there is no shell": "COPY --chmod=755 run.sh /run.sh",
}


@pytest.mark.parametrize(("line", "expected"), FIXED.values(), ids=FIXED)
def test_the_lines_proposed_do_the_same_without_buildkit(check: Callable[..., Any], line: str, expected: list[str]) -> None:
    [finding] = findings_of(check, dockerfile(line))
    assert finding.id == "not-buildable"
    mended = next(text for path, text in repaired([finding]).items() if path.name == "Dockerfile")
    assert mended == dockerfile(*expected)
    write_files(repaired([finding]))
    assert [other for other in check({"never/Dockerfile": ""}) if other.id in ("not-buildable", "copy-missing")] == []


@pytest.mark.parametrize("line", UNDECIDED.values(), ids=UNDECIDED)
def test_where_no_lines_are_certain_a_person_decides(check: Callable[..., Any], line: str) -> None:
    image = "scratch" if line == UNDECIDED["a mode where there is no shell"] and "ONBUILD" not in line else "python:3.12-slim"
    findings = [item for item in findings_of(check, dockerfile(line, image=image)) if item.line == 3]
    assert [(finding.id, finding.replacement) for finding in findings] == [("not-buildable", "")]


@pytest.mark.parametrize("line", [*(line for line, _ in FIXED.values()), *UNDECIDED.values()])
def test_what_azure_devops_builds_is_no_error_there(check: Callable[..., Any], line: str) -> None:
    pipeline = {"build": "azure-devops", "organization": "o", "project": "p", "repository": "r"}
    assert findings_of(check, dockerfile(line), pipeline=pipeline) == []


@pytest.mark.parametrize(
    "line",
    [
        'COPY "requirements.txt" "./"',
        'ADD "./requirements.txt" "/x/"',
        "COPY requirements.txt poetry.lock* ./",
        "COPY pyproject.tom[l] uv.loc[k] Pipfile* /x/",
        'COPY ["a b.txt", "/x/"]',
        "ENV SOURCE=requirements.txt\nCOPY $SOURCE ${SOURCE:-x} /x/",
        "ARG SOURCE\nCOPY ${SOURCE:-requirements.txt} /x/",
        "COPY --from=nginx:alpine /etc/nginx /x",
        "COPY --from=node /usr /x",
        "add run.py /x",
        "ADD https://example.org/x.tar.gz /x",
        "COPY conf/ /x",
        "COPY co?f/*.toml /x/",
    ],
)
def test_what_docker_builds_is_no_error(check: Callable[..., Any], line: str) -> None:
    assert findings_of(check, dockerfile(line)) == []


@pytest.mark.parametrize(
    ("line", "proposed"),
    [
        ('COPY "requirments.txt" "./"', "COPY requirements.txt ./"),
        ("COPY requirements.txt poetry.lock ./", ""),
        ("COPY poetry.lock* uv.lock* ./", ""),
        ("COPY ../other /x/", ""),
        ("COPY --from=buildr /x /x", "COPY --from=builder /x /x"),
        ("COPY --from=3 /x /x", ""),
    ],
)
def test_what_is_not_there_is_found(check: Callable[..., Any], line: str, proposed: str) -> None:
    text = "FROM python:3.12 AS builder\n" + dockerfile(line)
    assert [(item.id, item.replacement) for item in findings_of(check, text)] == [("copy-missing", proposed)]


def test_an_earlier_stage_is_looked_at_too(check: Callable[..., Any]) -> None:
    text = "FROM python:3.12 AS builder\nCOPY absent.txt .\nRUN --mount=type=cache,target=/x true\n" + dockerfile()
    assert told(findings_of(check, text)) == [("error", "copy-missing", "Dockerfile:2"), ("error", "not-buildable", "Dockerfile:3")]
