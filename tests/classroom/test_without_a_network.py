"""A room without a network: a pack made before, and a namespace in which there is nothing but loopback."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.end_to_end.conftest import WizardProcess

UP = "import fcntl, socket, struct; fcntl.ioctl(socket.socket(), 0x8914, struct.pack('16sh', b'lo', 0x41))"  # SIOCSIFFLAGS: up, running
ALONE = ["unshare", "--map-root-user", "--net"]


def has_namespaces() -> bool:
    return shutil.which("unshare") is not None and subprocess.run([*ALONE, "true"], capture_output=True).returncode == 0


@pytest.mark.nightly
@pytest.mark.skipif(not has_namespaces(), reason="no network namespace can be had here")
def test_a_learner_solves_an_exercise_from_the_pack_alone(tmp_path: Path) -> None:
    learner = WizardProcess(tmp_path / "home", tmp_path)
    assert learner("class", "pack", "--packages-only").exit == 0
    azwizard = f"{sys.executable} -m wizard"
    script = f"""
        {sys.executable} -c "{UP}" || exit 90
        {sys.executable} -c "import urllib.request; urllib.request.urlopen('http://192.0.2.1', timeout=2)" 2>/dev/null && exit 91
        {azwizard} practice start --speed instant --wheels pack >/dev/null || exit 92
        {azwizard} exercise bill || exit 93
        sed -i 's/min_replicas = 3/min_replicas = 0/' exercise-bill/azwizard.toml
        (cd exercise-bill && {azwizard} apply --practice --yes) || exit 94
        {azwizard} exercise bill --check
        solved=$?
        {azwizard} practice stop
        exit $solved
    """
    run_alone(script, learner, timeout=240)


@pytest.mark.nightly
@pytest.mark.timeout(900)
@pytest.mark.skipif(not has_namespaces(), reason="no network namespace can be had here")
def test_a_class_of_three_works_from_the_pack_alone(tmp_path: Path) -> None:
    trainer = WizardProcess(tmp_path / "home", tmp_path)
    assert trainer("class", "pack", "--packages-only").exit == 0
    learners = "".join(f'[[class.learners]]\nname = "Learner {number}"\n' for number in range(1, 4))
    (tmp_path / "class.toml").write_text(f'[class]\ntitle = "Alone"\nproject = "alone"\n{learners}')
    azwizard = f"{sys.executable} -m wizard"
    script = f"""
        {sys.executable} -c "{UP}" || exit 90
        {azwizard} practice start --speed instant --wheels pack >/dev/null || exit 92
        {azwizard} class prepare || exit 93
        {azwizard} class check --wheels pack || exit 94
        for learner in alone-0*; do (cd $learner && {azwizard} apply --practice --yes) || exit 95; done
        {azwizard} class cost || exit 96
        {azwizard} class destroy --yes
        left=$?
        {azwizard} practice stop
        exit $left
    """
    run_alone(script, trainer, timeout=800)
    proof = [json.loads(line) for line in (tmp_path / "class-proof.jsonl").read_text().splitlines()]
    assert [(line["group_is_gone"], line["left"]) for line in proof] == [(True, [])] * 3


def run_alone(script: str, person: WizardProcess, *, timeout: float) -> None:
    """Run a script of the shell where there is no network but loopback, in that person's folder; it must end well in `timeout` seconds."""
    environment = {
        "AZWIZARD_HOME": str(person.home),
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
    }
    done = subprocess.run([*ALONE, "sh", "-c", script], cwd=person.folder, env=environment, capture_output=True, text=True, timeout=timeout)
    assert done.returncode == 0, done.stdout + done.stderr
