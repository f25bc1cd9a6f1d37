"""What commands take beside another program that does the same: commit 052ccab, a plain script, azure-cli."""

from __future__ import annotations

import shutil
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

import tomlkit

from tests.benchmarks.measured_process import Measured, interpreter, measured, wizard_environment
from tests.benchmarks.ratio import Ratio
from tests.end_to_end.conftest import SAMPLE, SECRET, copy_sample
from tests.end_to_end.support.azure_cli import AzureCli, WizardOnMachine
from tests.end_to_end.support.own_machine import OwnMachine

ROOT = Path(__file__).parents[2]
ROUNDS = 3
FEW, MANY = (1, 2, 3), (50, 20, 100)
"""Secrets, shares and variables of a setup."""
SETUPS = 50


class Checkout:
    """The azwizard of a checkout, with a practice cloud of its own and the sample API's setup."""

    def __init__(self, root: Path, folder: Path) -> None:
        self._root, self.home, self.project = root, folder / "home", folder / "project"
        copy_sample(self.project)

    def __call__(self, *arguments: str, **variables: str) -> Measured:
        environment = wizard_environment(self._root, self.home, AZWIZARD_SECRET_API_KEY=SECRET, **variables)
        return measured([interpreter(self._root), "-m", "wizard", *arguments], self.project, environment)

    def apply(self, *setups: str, **variables: str) -> Measured:
        """Deploy, which must succeed."""
        applied = self("apply", "--practice", "--yes", "--json", *setups, **variables)
        assert applied.result["outcome"] == "succeeded", applied.result
        return applied


def against_baseline(baseline: Path, folder: Path, speed: str) -> Iterator[Ratio]:
    """An apply, its memory, and the reads of a finished setup against another checkout's, one after the other in each round."""
    before, now = Checkout(baseline, folder / "before"), Checkout(ROOT, folder / "now")
    for checkout in (before, now):
        checkout("practice", "start", "--speed", speed)
    first, own = before.apply(), now.apply()
    yield Ratio(f"apply at speed {speed} against the baseline, wall", own.seconds / first.seconds, 0.85, _both(own, first))
    memory = f"{own.memory // 1024} MiB / {first.memory // 1024} MiB"
    yield Ratio("peak memory of apply against the baseline", own.memory / first.memory, 0.7, memory)
    for word, wall, processor in (("status", 1.0, 1.0), ("plan", 0.75, 0.5)):
        other_runs, own_runs = zip(
            *[(before(word, "--practice", "--json"), now(word, "--practice", "--json")) for _ in range(ROUNDS)], strict=True
        )
        yield from _compared(f"{word} of a finished setup against the baseline", own_runs, other_runs, wall, processor)
        if word == "status":
            yield Ratio("from the last line to the end, share of status's wall", median(m.tail / m.seconds for m in own_runs), 0.03, "")
    for checkout in (before, now):
        checkout("practice", "stop")


def against_plain_script(folder: Path, speed: str) -> Iterator[Ratio]:
    """An apply against the plain script of tests/benchmarks/plain_rest.py, each on a fresh practice cloud."""
    wizard, script = Checkout(ROOT, folder / "wizard"), Checkout(ROOT, folder / "script")
    wizard("practice", "start", "--speed", speed)
    applied = wizard.apply()
    wizard("practice", "stop")
    script("practice", "start", "--speed", speed)
    published = str(script.home / "practice" / "practice.json")
    command = [sys.executable, "-m", "tests.benchmarks.plain_rest", published, str(SAMPLE), "--pause", "0.2" if speed != "real" else "2"]
    plain = measured(command, script.project, wizard_environment(ROOT, script.home))
    script("practice", "stop")
    requests = f"{applied.result['requests']} / {plain.result['requests']}"
    yield Ratio(f"apply at speed {speed} against a plain script, wall", applied.seconds / plain.seconds, 1.10, _both(applied, plain))
    yield Ratio("the same, requests", applied.result["requests"] / plain.result["requests"], 1.15, requests)
    yield Ratio("the same, processor", applied.processor / plain.processor, 2.5, f"{applied.processor:.2f} s / {plain.processor:.2f} s")


def against_azure_cli(program: Path, folder: Path) -> Iterator[Ratio]:
    """Short commands against ``az version``, and ``status --brief`` against ``az containerapp show``; one machine for both."""
    machine = OwnMachine(folder)
    copy_sample(folder / "project")
    wizard = WizardOnMachine(
        folder / "home", folder / "project", {"AZWIZARD_ENGINE": "process", "AZWIZARD_SECRET_API_KEY": SECRET}, machine=machine
    )
    (folder / "az").mkdir()
    az = AzureCli(program, wizard, folder / "az")
    wizard("practice", "start", "--port", "443", "--speed", "instant")
    wizard("apply", "--practice", "--yes")
    az.sign_in()
    settings = {
        "AZURE_CONFIG_DIR": str(az.folder),
        "AZURE_CORE_COLLECT_TELEMETRY": "no",
        "REQUESTS_CA_BUNDLE": wizard.practice_json["ca_file"],
    }
    variables = wizard_environment(ROOT, wizard.home, **settings)

    def pairs(own_words: list[str], other_words: list[str]) -> tuple[tuple[Measured, ...], tuple[Measured, ...]]:
        commands = [[sys.executable, "-m", "wizard", *own_words], [str(program), *other_words]]
        rounds = [
            [measured(machine.command(command, wizard.folder), wizard.folder, variables) for command in commands] for _ in range(ROUNDS)
        ]
        return tuple(own for own, _other in rounds), tuple(other for _own, other in rounds)

    try:
        for words in (["--version"], ["--help"], ["completion", "bash"]):
            yield _processor(f"azwizard {' '.join(words)} against az version, processor", *pairs(words, ["version"]), 0.3)
        show = ["containerapp", "show", "--name", "capp-notes-dev", "--resource-group", "rg-notes-dev"]
        yield from _compared("status --brief against az containerapp show", *pairs(["status", "--brief", "--practice"], show), 0.9, 0.9)
    finally:
        wizard("practice", "stop")
        machine.close()


def larger_setup(folder: Path) -> Iterator[Ratio]:
    """Many secrets, shares and variables against few."""
    few, many = (_of_size(folder / str(secrets), secrets, shares, variables) for secrets, shares, variables in (FEW, MANY))
    requests = f"{many.result['requests']} / {few.result['requests']}"
    what = f"{MANY[0]} secrets, {MANY[1]} shares and {MANY[2]} variables against {FEW[0]}, {FEW[1]} and {FEW[2]}"
    yield Ratio(f"{what}: requests", many.result["requests"] / few.result["requests"], 2.0, requests)
    yield Ratio("the same, wall", many.seconds / few.seconds, 1.3, _both(many, few))


def _of_size(folder: Path, secrets: int, shares: int, variables: int) -> Measured:
    wizard = Checkout(ROOT, folder)
    file = wizard.project / "azwizard.toml"
    answers: dict[str, Any] = tomllib.loads(file.read_text())
    names = ["api-key", *(f"secret-{number}" for number in range(secrets - 1))]
    answers["key_vault"]["secrets"] = names
    own = answers["storage"]["shares"]
    answers["storage"]["shares"] = [*own, *({"designation": f"s{n}", "mount": f"/data/s{n}"} for n in range(shares - len(own)))]
    own = answers["variables"]
    answers["variables"] = [*own, *({"name": f"VALUE_{n}", "value": str(n)} for n in range(variables - len(own)))]
    file.write_text(tomlkit.dumps(answers))
    wizard("practice", "start", "--speed", "fast")
    applied = wizard.apply(**{f"AZWIZARD_SECRET_{name.upper().replace('-', '_')}": SECRET for name in names[1:]})
    wizard("practice", "stop")
    return applied


def many_setups(folder: Path) -> Iterator[Ratio]:
    """A plan of many finished setups in one process against that of one."""
    wizard = Checkout(ROOT, folder)
    folders = []
    for number in range(SETUPS):
        copy = folder / f"setup-{number}"
        shutil.copytree(wizard.project, copy)
        file = copy / "azwizard.toml"
        file.write_text(file.read_text().replace('name = "notes"', f'name = "notes{number}"'))
        folders.append(str(copy))
    wizard("practice", "start", "--speed", "instant")
    wizard.apply(*folders)
    one, all_of_them = wizard("plan", "--practice", "--json", folders[0]), wizard("plan", "--practice", "--json", *folders)
    yield from _compared(f"plan of {SETUPS} finished setups against one", (all_of_them,), (one,), 6, 12)
    wizard("practice", "stop")


def _compared(
    what: str, own_runs: tuple[Measured, ...], other_runs: tuple[Measured, ...], wall: float, processor: float
) -> Iterator[Ratio]:
    own, other = median(m.seconds for m in own_runs), median(m.seconds for m in other_runs)
    yield Ratio(f"{what}, wall", own / other, wall, f"{own:.2f} s / {other:.2f} s")
    yield _processor("the same, processor", own_runs, other_runs, processor)


def _processor(what: str, own_runs: tuple[Measured, ...], other_runs: tuple[Measured, ...], limit: float) -> Ratio:
    own, other = median(m.processor for m in own_runs), median(m.processor for m in other_runs)
    return Ratio(what, own / other, limit, f"{own:.2f} s / {other:.2f} s")


def _both(own_runs: Measured, other_runs: Measured) -> str:
    return f"{own_runs.seconds:.1f} s / {other_runs.seconds:.1f} s"
