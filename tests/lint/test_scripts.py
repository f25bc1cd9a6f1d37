"""Scripts and start lines that surely fail are found with their true cause; those that work raise no alarm."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.lint.projects import ARTICLE, dockerfile
from wizard.lint.fixes import repaired
from wizard.lint.fixes import write as write_files

START = "exec gunicorn --bind 0.0.0.0:5000 run:app\n"
SCRIPT = f"#!/bin/sh\n{START}"
OURS = ("not-a-list", "words-run-together", "crlf", "not-executable", "exec-format", "nothing-to-start")


def found(check: Callable[..., Any], *last: str, script: str = SCRIPT, image: str = "python:3.12-slim") -> list[tuple[str, str]]:
    """Id and replacement of what is found about the start."""
    findings = check({**ARTICLE, "run.sh": script, "Dockerfile": dockerfile(*last, image=image)})
    return [(finding.id, finding.replacement) for finding in findings if finding.id in OURS]


@pytest.mark.parametrize(
    ("line", "right"),
    [
        ("CMD ['gunicorn', 'run:app']", 'CMD ["gunicorn", "run:app"]'),
        ("CMD [“gunicorn”, “run:app”]", 'CMD ["gunicorn", "run:app"]'),
        ('CMD ["gunicorn", "run:app",]', 'CMD ["gunicorn", "run:app"]'),
        ("ENTRYPOINT [ 'gunicorn', \"it's:app\"]", 'ENTRYPOINT ["gunicorn", "it\'s:app"]'),
        ("CMD ['gunicorn', 'run:app'", ""),
        ("RUN ['pip', 'list']\nCMD gunicorn run:app", 'RUN ["pip", "list"]'),
        ("VOLUME ['/data']\nCMD gunicorn run:app", 'VOLUME ["/data"]'),
    ],
)
def test_a_list_that_is_no_json_is_named(check: Callable[..., Any], line: str, right: str) -> None:
    assert found(check, line) == [("not-a-list", right)]


@pytest.mark.parametrize(
    "line", ["CMD [ -f run.py ] && gunicorn run:app", 'CMD ["gunicorn", "run:app"]', "RUN [ -n x ]\nCMD gunicorn run:app"]
)
def test_a_test_of_the_shell_is_no_list(check: Callable[..., Any], line: str) -> None:
    assert found(check, line) == []


@pytest.mark.parametrize(
    ("line", "right"),
    [
        ('CMD ["gunicorn", "-c gunicorn.conf.py", "run:app"]', 'CMD ["gunicorn", "-c", "gunicorn.conf.py", "run:app"]'),
        ('CMD ["gunicorn", "-u www-data", "run:app"]', 'CMD ["gunicorn", "-u", "www-data", "run:app"]'),
        ('CMD ["gunicorn", "--bind 0.0.0.0:5000", "run:app"]', 'CMD ["gunicorn", "--bind", "0.0.0.0:5000", "run:app"]'),
        ('CMD ["gunicorn run:app"]', 'CMD ["gunicorn", "run:app"]'),
    ],
)
def test_words_run_together_are_parted(check: Callable[..., Any], line: str, right: str) -> None:
    assert found(check, line) == [("words-run-together", right)]


@pytest.mark.parametrize(
    "line",
    [
        'CMD ["gunicorn", "--access-logformat=%(h)s %(l)s", "run:app"]',
        'CMD ["gunicorn", "--access-logformat", "%(h)s %(l)s", "run:app"]',
        'CMD ["sh", "-c", "gunicorn -b 0.0.0.0:5000 run:app"]',
        'CMD ["python", "-c", "import run; run.app.run()"]',
    ],
)
def test_words_with_blanks_may_be_meant(check: Callable[..., Any], line: str) -> None:
    assert found(check, line) == []


WINDOWS = SCRIPT.replace("\n", "\r\n")


@pytest.mark.parametrize("line", ['ENTRYPOINT ["./run.sh"]', "CMD ./run.sh", 'CMD ["sh", "run.sh"]', "CMD exec /project-container/run.sh"])
def test_line_ends_of_windows_are_found_and_mended(check: Callable[..., Any], tmp_path: Path, line: str) -> None:
    assert found(check, line, script=WINDOWS) == [("crlf", SCRIPT), ("crlf", "*.sh text eol=lf\n")]
    write_files(repaired(check({"never/Dockerfile": ""})))
    assert (tmp_path / "run.sh").read_bytes() == SCRIPT.encode()
    assert (tmp_path / ".gitattributes").read_text() == "*.sh text eol=lf\n"
    assert [item.id for item in check({"never/Dockerfile": ""}) if item.id in OURS] == []


@pytest.mark.parametrize(
    "lines",
    [
        ("RUN sed -i 's/\\r$//' run.sh", 'CMD ["./run.sh"]'),
        ("RUN apt-get install -y dos2unix && dos2unix *.sh", 'CMD ["./run.sh"]'),
        ('CMD ["gunicorn", "run:app"]',),
    ],
)
def test_line_ends_that_the_build_mends_are_fine(check: Callable[..., Any], lines: tuple[str, ...]) -> None:
    assert found(check, *lines, script=WINDOWS) == []


NO_BIT = SCRIPT + "# no x bit\n"


@pytest.mark.parametrize(
    ("lines", "right"),
    [
        (['ENTRYPOINT ["./run.sh"]'], 'RUN chmod +x ./run.sh\nENTRYPOINT ["./run.sh"]'),
        (["USER app", "CMD ./run.sh"], "USER root\nRUN chmod +x ./run.sh\nUSER app\nCMD ./run.sh"),
    ],
)
def test_a_script_that_nobody_may_run_is_given_the_right(check: Callable[..., Any], lines: list[str], right: str) -> None:
    assert found(check, *lines, script=NO_BIT) == [("not-executable", right)]


@pytest.mark.parametrize(
    "lines",
    [
        ("RUN chmod +x run.sh", 'CMD ["./run.sh"]'),
        ("RUN chmod 755 *.sh", 'CMD ["./run.sh"]'),
        ("RUN chmod -R a+x .", 'CMD ["./run.sh"]'),
        ("RUN find . -name '*.sh' -exec chmod +x {} +", 'CMD ["./run.sh"]'),
        ('CMD ["sh", "./run.sh"]',),
        ("CMD sh run.sh",),
        ("CMD ./elsewhere.sh",),
    ],
)
def test_a_script_that_may_run_or_is_read_is_fine(check: Callable[..., Any], lines: tuple[str, ...]) -> None:
    assert found(check, *lines, script=NO_BIT) == []


def test_a_script_says_what_runs_it(check: Callable[..., Any], tmp_path: Path) -> None:
    lines = ("RUN chmod +x run.sh", 'CMD ["./run.sh"]')
    assert found(check, *lines, script=START) == [("exec-format", "#!/bin/sh")]
    write_files(repaired(check({"never/Dockerfile": ""})))
    assert (tmp_path / "run.sh").read_text() == SCRIPT
    assert found(check, "RUN chmod +x run.sh", "CMD ./run.sh", script=START) == []  # a shell reads it itself


def test_a_byte_order_mark_before_the_first_line_is_taken_off(check: Callable[..., Any], tmp_path: Path) -> None:
    assert found(check, "RUN chmod +x run.sh", 'CMD ["./run.sh"]', script="\ufeff" + SCRIPT) == [("exec-format", "#!/bin/sh")]
    write_files(repaired(check({"never/Dockerfile": ""})))
    assert (tmp_path / "run.sh").read_bytes() == SCRIPT.encode()


def test_bash_is_not_in_alpine(check: Callable[..., Any]) -> None:
    script = SCRIPT.replace("/bin/sh", "/usr/bin/env bash")
    assert found(check, 'CMD ["./run.sh"]', script=script, image="python:3.12-alpine") == [("exec-format", "")]
    assert found(check, "RUN apk add bash", 'CMD ["./run.sh"]', script=script, image="python:3.12-alpine") == []
    assert found(check, 'CMD ["./run.sh"]', script=script) == []


STARTS_CMD = '#!/bin/sh\nset -e\nexec "$@"\n'


@pytest.mark.parametrize(
    "line", ['ENTRYPOINT ["sh", "run.sh"]', 'ENTRYPOINT ["./run.sh"]', 'CMD ["x"]\nFROM before\nENTRYPOINT ["./run.sh"]']
)
def test_a_script_that_starts_cmd_needs_one(check: Callable[..., Any], line: str) -> None:
    last = line.rpartition("\n")[2]
    text = dockerfile(line).replace("FROM python:3.12-slim", "FROM python:3.12-slim AS before", 1)
    findings = check({**ARTICLE, "run.sh": STARTS_CMD, "Dockerfile": text})
    right = f'{last}\nCMD ["gunicorn", "--bind", "0.0.0.0:5000", "run:app"]'
    assert [(finding.id, finding.replacement) for finding in findings if finding.id in OURS] == [("nothing-to-start", right)]


@pytest.mark.parametrize(
    "lines", [('ENTRYPOINT ["./run.sh"]', "CMD gunicorn run:app"), ('ENTRYPOINT ["./run.sh", "gunicorn", "run:app"]',)]
)
def test_a_script_with_something_to_start_is_fine(check: Callable[..., Any], lines: tuple[str, ...]) -> None:
    assert found(check, *lines, script=STARTS_CMD) == []
