"""Secret values are in the vault, in the app that is given them, and nowhere else: every command, then every file is searched for them."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.figures import Figures

from .conftest import ProcessOutcome, WizardProcess, copy_sample

FIRST, SECOND, THIRD, UNUSED = (f"canary-{word}-51f0c4" for word in ("first", "second", "third", "unused"))
CANARIES = (FIRST, SECOND, THIRD, UNUSED)
VAULT = "vault.db"  # the practice vault's own store; beside it SQLite keeps vault.db-wal
DEVOPS = {"build": "azure-devops", "organization": "contoso", "project": "orders", "repository": "orders-api"}
JOB = ("--set", "app.identity=user", "--set", "app.before_deploy=echo ready")
BUILDS = {"registry": JOB, "azure-devops": tuple(word for key, value in DEVOPS.items() for word in ("--set", f"pipeline.{key}={value}"))}
AFTERWARDS = (
    ("status",),
    ("check",),
    ("plan",),
    ("doctor",),
    ("test",),
    ("logs",),
    ("logs", "--since", "5m", "--level", "info"),
    ("status", "--brief"),
    ("status", "--steps"),
    ("releases",),
    ("cost",),
    ("export", "pipeline"),
    ("report", "--yes"),
    ("export", "az"),
    ("export", "bicep"),
    ("export", "arm"),
    ("export", "rest"),
)


@pytest.fixture
def wizard(tmp_path: Path) -> Iterator[WizardProcess]:
    """The sample API, which looks for the values while it is built; the practice cloud inherits them from the wizard that starts it."""
    folder = tmp_path / "project"
    copy_sample(folder)
    setup = folder / "azwizard.toml"
    setup.write_text(setup.read_text().replace('secrets = ["api-key"]', 'secrets = ["api-key", "unused-key"]'))
    dockerfile = folder / "Dockerfile"
    lines = dockerfile.read_text().splitlines()
    copied = max(number for number, line in enumerate(lines) if line.startswith("COPY"))
    dockerfile.write_text("\n".join([*lines[: copied + 1], "RUN env", *lines[copied + 1 :], ""]))
    wizard = WizardProcess(tmp_path / "home", folder, {"AZWIZARD_SECRET_API_KEY": FIRST, "AZWIZARD_SECRET_UNUSED_KEY": UNUSED})
    yield wizard
    wizard("practice", "stop")


def files_below(folder: Path) -> int:
    return sum(1 for file in folder.rglob("*") if file.is_file() and not file.is_symlink())


def holding(folder: Path) -> dict[str, list[str]]:
    """The files below a folder that hold a canary, apart from the vault's store."""
    by_name = {}
    for file in sorted(folder.rglob("*")):
        if file.is_file() and not file.is_symlink() and not file.name.startswith(VAULT):
            content = file.read_bytes()
            if held := [canary for canary in CANARIES if canary.encode() in content]:
                by_name[str(file.relative_to(folder))] = held
    return by_name


def arguments_of_all_processes() -> str:
    """Every argument list on this machine, as any user of it can read them."""
    texts = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            texts.append(file.read_bytes().decode(errors="replace"))
        except OSError:
            continue  # it ended meanwhile
    return "\n".join(texts)


def watched(process: subprocess.Popen[str]) -> tuple[str, str]:
    """What a command says, while all argument lists are read at each of its lines."""
    assert process.stdout is not None and process.stderr is not None
    records = []
    for line in process.stdout:
        records.append(line)
        arguments = arguments_of_all_processes()
        assert not [canary for canary in CANARIES if canary in arguments], line
    errors = process.stderr.read()
    assert process.wait(60) == 0, "".join(records) + errors
    return "".join(records), errors


@pytest.mark.parametrize("build", BUILDS)
def test_no_command_shows_or_keeps_a_value(
    wizard: WizardProcess, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, build: str, figures: Figures
) -> None:
    setting = BUILDS[build]
    har = tmp_path / "traffic.har"
    wizard("practice", "start", "--speed", "instant", "--har", str(har))
    said: dict[str, str] = {}

    def keep(name: str, outcome: ProcessOutcome) -> ProcessOutcome:
        said[name] = outcome.stdout + outcome.stderr
        return outcome

    said["apply"] = "".join(watched(wizard.start("apply", "--practice", "--yes", "--json", *setting)))
    for command in AFTERWARDS:
        done = keep(" ".join(command), wizard(*command, "--practice", *setting))
        assert done.exit in (0, 1), done.stdout + done.stderr
    assert "as expected" in said["test"] and "unexpected" not in said["test"], said["test"]
    assert holding(tmp_path) == {}

    wizard.environment["AZWIZARD_SECRET_API_KEY"] = SECOND
    assert keep("second apply", wizard.apply(*setting)).result["changed"] >= 1
    assert wizard.practice().secret("kv-notes-dev", "/secrets/api-key").json()["value"] == SECOND
    given = tmp_path_factory.mktemp("elsewhere") / "value"
    given.write_text(THIRD)
    changed = keep("secret set", wizard("secret", "set", "api-key", "--from-file", str(given), "--practice", "--json", *setting))
    assert changed.exit == 0, changed.stdout + changed.stderr
    assert wizard.practice().secret("kv-notes-dev", "/secrets/api-key").json()["value"] == THIRD
    wizard("practice", "fault", "account:reader")
    assert keep("handoff", wizard("handoff", "--practice", *setting, "--set", "app.cpu=0.5", "--set", "app.memory=1.0Gi")).exit in (0, 3)
    wizard("practice", "fault", "--clear")
    wizard("practice", "stop")
    leaks = holding(tmp_path) | {name: [text] for name, text in said.items() if any(canary in text for canary in CANARIES)}
    figures(canaries_x_places=len(CANARIES) * (len(said) + files_below(tmp_path)), leaked=len(leaks))
    assert leaks == {} and har.exists()
    assert any(canary.encode() in (wizard.home / "practice" / VAULT).read_bytes() for canary in CANARIES), "the search itself would find it"
