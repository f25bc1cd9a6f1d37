"""What a build in Podman says when it fails is told as Docker's classic builder would say it; the messages are Podman 4.3's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from wizard.containers.engine import _BuildOutput
from wizard.containers.engine_error import BuildFailed
from wizard.containers.ledger import LEDGER, Ledger
from wizard.containers.podman_words import in_dockers_words

UNDER = 'checking on sources under "/var/tmp/libpod_builder3320405367/build": '


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (
            'building at STEP "RUN echo \\"a b\\" && exit 3": while running runtime: exit status 3\n',
            ("The command '/bin/sh -c echo \"a b\" && exit 3' returned a non-zero code: 3", 3),
        ),
        (
            f'building at STEP "COPY nothing ./": {UNDER}copier: stat: "/nothing": no such file or directory\n',
            ("COPY failed: file not found in build context or excluded by .dockerignore: stat nothing: file does not exist", None),
        ),
        (
            f'building at STEP "ADD no* /x/": {UNDER}Rel: can\'t make it; copier: stat: ["/no*"]: no such file or directory\n',
            ("ADD failed: no source files were specified", None),
        ),
        ("COPY --from=zz: no stage or image found with that name\n", ("COPY --from=zz: no stage or image found with that name", None)),
        ("The command '/bin/sh -c x' returned a non-zero code: 1", ("The command '/bin/sh -c x' returned a non-zero code: 1", None)),
    ],
)
def test_a_failure_is_told_in_dockers_words(said: str, expected: tuple[str, int | None]) -> None:
    assert in_dockers_words(said) == expected


@pytest.mark.parametrize(
    "lines",
    [
        (
            *("Step 1/3 : FROM python:3.11-slim AS a", " ---> b396479e99cd"),
            *("Step 2/3 : RUN a", " ---> Using cache", " ---> 42d8b5cd70fa"),
            *("Step 3/3 : COPY . .", " ---> 9355665fcece", "Successfully built 9355665fcece"),
        ),
        (
            *("[1/2] STEP 1/3: FROM --platform=linux/amd64 python:3.11-slim AS a", "[1/2] STEP 2/3: RUN a"),
            *("--> Using cache 42d8b5cd70fa67e59105e8b36cfad5826651b5d9ea1b05d67efe4c07753cdfca", "--> 42d8b5cd70f"),
            *("[2/2] STEP 3/3: COPY . .", "[2/2] COMMIT docker.io/azwizard/x", "--> 9355665fcec"),
        ),
    ],
    ids=["Docker", "Podman"],
)
def test_a_build_writes_down_what_it_made_and_what_it_began_from(lines: tuple[str, ...], tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / LEDGER)
    output = _BuildOutput(ledger, lambda _line: None)
    for line in lines:
        output.take({"stream": f"{line}\n"})
    output.end()
    assert [entry[:11] for entry in ledger.entries("image")] == ["9355665fcec"]
    assert "python:3.11-slim" in ledger.entries("base")
    assert {"42d8b5cd70f", "9355665fcec"} <= output.used


def test_the_code_of_a_failing_run_line_is_known_from_either_engine(tmp_path: Path) -> None:
    failures = (
        {"message": "The command '/bin/sh -c exit 3' returned a non-zero code: 3", "code": 3},
        {"message": 'building at STEP "RUN exit 3": while running runtime: exit status 3\n'},
    )
    for failure in failures:
        output = _BuildOutput(Ledger(tmp_path / LEDGER), lambda _line: None)
        output.take({"error": failure["message"], "errorDetail": failure})
        with pytest.raises(BuildFailed, match="returned a non-zero code: 3") as caught:
            output.end()
        assert caught.value.code == 3
