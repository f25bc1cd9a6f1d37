"""What a Dockerfile says before it is built."""

from __future__ import annotations

from pathlib import Path

import pytest

from wizard.source.dockerfile import DockerfileError, DockerfileFacts, read_dockerfile

START = 'CMD ["gunicorn", "run:app"]\n'


def facts(folder: Path, text: str | bytes) -> DockerfileFacts:
    path = folder / "Dockerfile"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_dockerfile(path)


def test_ports_volumes_and_the_command_of_the_last_stage_are_read(tmp_path: Path) -> None:
    read = facts(
        tmp_path,
        """
        FROM node AS assets
        EXPOSE 3000
        FROM python:3.12-slim
        ARG HOME_FOLDER=/srv
        ENV PORT=5000 OTHER="x"
        WORKDIR /app
        WORKDIR data
        EXPOSE 5000/tcp ${PORT} 53/udp ${UNKNOWN:-8080}
        VOLUME ["/json", "logs"]
        VOLUME $HOME_FOLDER/db
        ENTRYPOINT ["gunicorn"]
        CMD ["run:app"]
        """,
    )
    assert read.ports == (5000, 8080)
    assert read.volumes == ("/json", "/app/data/logs", "/srv/db")
    assert read.command == ("gunicorn", "run:app")
    assert read.problems == ()


def test_a_stage_takes_over_what_the_one_it_is_built_on_said(tmp_path: Path) -> None:
    read = facts(tmp_path, f"ARG V=3.12\nFROM python:$V AS base\nEXPOSE 5000\n{START}FROM base\nRUN true\n")
    assert read.ports == (5000,)
    assert read.command == ("gunicorn", "run:app")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("FROM python:3.12\nCOPY . .\n", "says nowhere what to start"),
        ("FROM python AS base\nFROM base\n", "says nowhere what to start"),
    ],
)
def test_what_certainly_breaks_is_told(tmp_path: Path, text: str, said: str) -> None:
    [problem] = facts(tmp_path, text).problems
    assert said in problem


def test_a_base_image_that_may_have_a_command_of_its_own_is_trusted(tmp_path: Path) -> None:
    assert facts(tmp_path, "FROM contoso.azurecr.io/flask-base\n").problems == ()


@pytest.mark.parametrize(
    ("text", "said"), [(b"\xff\xfe", "is not UTF-8 text"), ("", "Docker does not understand"), ("ARG A\n", "has no FROM line")]
)
def test_a_dockerfile_that_cannot_be_understood_is_refused(tmp_path: Path, text: str | bytes, said: str) -> None:
    with pytest.raises(DockerfileError, match=said):
        facts(tmp_path, text)
