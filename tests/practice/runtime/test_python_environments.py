"""Environments for a project's requirements: made once, whole or not at all, with nothing of azwizard's own in them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.practice.packages import write_local_package, write_wheel
from wizard.practice.runtime.packages.installing import ImageBase, InstallFailed, InstallProgress
from wizard.practice.runtime.packages.python_environments import PythonEnvironments, packages_of, python_of, scripts_of
from wizard.practice.runtime.packages.requirement_bundle import read_bundle
from wizard.practice.runtime.packages.run_lines import RunLine
from wizard.practice.runtime.running_container import can_confine

PYTHON = ImageBase("python:3.12-slim")
needs_namespaces = pytest.mark.skipif(not can_confine(), reason="this machine allows no namespaces to ordinary processes")


class PackagesOfTest:
    """Environments of one test, and projects that ask for something."""

    def __init__(self, folder: Path, **options: object) -> None:
        self.folder = folder
        self.environments = PythonEnvironments(folder / "environments", **{"unconfined": True, **options})  # type: ignore[arg-type]

    async def asked(self, run: str, base: ImageBase = PYTHON, **files: str) -> str:
        """The key of what an image asks for whose one RUN line is `run`."""
        tree = self.folder / "image"
        for name, text in files.items():
            (tree / "srv").mkdir(parents=True, exist_ok=True)
            (tree / "srv" / name.replace("_", ".")).write_text(text)
        runs = [RunLine(run, "/srv", tree)] if run else []
        return await self.environments.asked(runs, tree, "/srv", base)

    async def environment(self, run: str, base: ImageBase = PYTHON, **files: str) -> Path:
        return await self.environments.ready(await self.asked(run, base, **files), base)


@pytest.fixture
def made(tmp_path: Path) -> PackagesOfTest:
    return PackagesOfTest(tmp_path)


@pytest.fixture
def wheels(tmp_path: Path) -> Path:
    """A folder of wheels: ``tiny``, which needs ``small``."""
    write_wheel(tmp_path / "wheels", "tiny", requires=("small>=1",))
    write_wheel(tmp_path / "wheels", "small", "1.5")
    return tmp_path / "wheels"


def can_import(environment: Path, module: str) -> bool:
    command = [python_of(environment), "-I", "-c", f"import {module}"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def said_by(*command: object) -> str:
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, check=True).stdout


async def test_what_is_here_is_copied_with_all_it_needs_and_nothing_else(made: PackagesOfTest) -> None:
    place = await made.environment("pip install 'Flask>=3'")
    assert can_import(place, "jinja2")
    assert not can_import(place, "aiohttp")
    assert "Flask" in said_by(scripts_of(place) / "flask", "--version")


async def test_a_copied_program_is_not_started_again_by_what_it_spawns(made: PackagesOfTest) -> None:
    """hypercorn spawns its workers, and each reads the program's file once more under the name ``__mp_main__``."""
    environment = await made.environment("pip install gunicorn")
    again = "import runpy, sys; runpy.run_path(sys.argv[1], run_name='__mp_main__')"
    assert said_by(python_of(environment), "-c", again, scripts_of(environment) / "gunicorn", "--version") == ""


async def test_the_same_requirements_share_an_environment_however_they_are_written(made: PackagesOfTest) -> None:
    first = await made.asked("pip install -r requirements.txt", requirements_txt="Flask  # the web\n\nclick\n")
    assert await made.asked("uv pip install click Flask") == first
    assert await made.asked("pip install click") != first


async def test_an_image_on_another_base_without_a_run_line_asks_for_what_the_usual_files_say(made: PackagesOfTest) -> None:
    key = await made.asked("", ImageBase("registry.example/flask-base:3"), requirements_txt="Flask\n")
    assert read_bundle(made.folder / "environments" / "bundles", key).lines.requirements == ["Flask"]
    key = await made.asked("", requirements_txt="Flask\n")
    assert read_bundle(made.folder / "environments" / "bundles", key).empty


async def test_an_environment_that_was_cut_short_is_made_again(made: PackagesOfTest) -> None:
    key = await made.asked("pip install click")
    place = await made.environments.ready(key)
    gone = next(packages_of(place).glob("click-*.dist-info"))
    gone.rename(gone.with_suffix(".gone"))
    assert await made.environments.ready(key) == place
    assert gone.exists()


async def test_wheels_of_a_folder_are_enough_and_serve_the_next_project_too(tmp_path: Path, wheels: Path) -> None:
    created = PackagesOfTest(tmp_path, wheels=wheels)
    progress = InstallProgress()
    place = await created.environments.ready(await created.asked("pip install tiny"), PYTHON, progress)
    assert can_import(place, "tiny, small")
    assert progress.told
    offline = PackagesOfTest(tmp_path, wheels=tmp_path / "nothing")
    assert can_import(await offline.environment("pip install small"), "small")


async def test_nothing_that_azwizard_sees_counts_as_installed(tmp_path: Path, wheels: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = tmp_path / "elsewhere"
    for name, version in (("tiny", "1.0"), ("small", "1.5")):
        (elsewhere / f"{name}-{version}.dist-info").mkdir(parents=True)
        (elsewhere / f"{name}-{version}.dist-info" / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    monkeypatch.setenv("PYTHONPATH", str(elsewhere))
    place = await PackagesOfTest(tmp_path, wheels=wheels).environment("pip install tiny")
    assert {path.name for path in packages_of(place).glob("*.dist-info")} == {"tiny-1.0.dist-info", "small-1.5.dist-info"}


async def test_what_is_not_among_the_wheels_is_a_limit_of_practice(tmp_path: Path, wheels: Path) -> None:
    with pytest.raises(InstallFailed, match="no-such-distribution") as failed:
        await PackagesOfTest(tmp_path, wheels=wheels).environment("pip install no-such-distribution-of-azwizard")
    assert not failed.value.stops_azure
    assert "no-such-distribution-of-azwizard" in failed.value.line


async def test_a_requirements_file_that_is_not_there_would_stop_the_build_in_azure_too(made: PackagesOfTest) -> None:
    with pytest.raises(InstallFailed, match="Could not open requirements file") as failed:
        await made.asked("pip install -r needed.txt")
    assert failed.value.stops_azure


@needs_namespaces
async def test_the_set_up_code_of_a_local_package_sees_nothing_of_this_computer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZWIZARD_SECRET_API_KEY", "canary")
    monkeypatch.setenv("OTHER_SECRET", "canary")
    (tmp_path / "private.txt").write_text("canary")
    code = f"""
        import json, socket
        seen = {{"variables": sorted(os.environ), "private": os.path.exists({str(tmp_path / "private.txt")!r})}}
        try:
            socket.create_connection(("127.0.0.1", {_listening()}), 1)
            seen["network"] = True
        except OSError:
            seen["network"] = False
        print("SEEN", json.dumps(seen), flush=True)
        raise SystemExit("enough seen")
    """
    write_local_package(tmp_path / "image" / "srv" / "lib", "lib", code)
    write_wheel(tmp_path / "wheels", "small")
    with pytest.raises(InstallFailed) as failed:
        await PackagesOfTest(tmp_path, wheels=tmp_path / "wheels").environment("pip install ./lib")
    seen = json.loads(next(line.partition("SEEN ")[2] for line in failed.value.output.splitlines() if "SEEN" in line))
    assert not seen["private"]
    assert not seen["network"]
    assert not {"AZWIZARD_SECRET_API_KEY", "OTHER_SECRET"} & set(seen["variables"])


async def test_where_nothing_can_be_confined_no_set_up_code_runs_unasked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wizard.practice.runtime.packages.installer.can_confine", lambda: False)
    ran = tmp_path / "ran"
    write_local_package(tmp_path / "image" / "srv" / "lib", "lib", f"open({str(ran)!r}, 'w')")
    with pytest.raises(InstallFailed, match="container engine") as failed:
        await PackagesOfTest(tmp_path, wheels=tmp_path, unconfined=False).environment("pip install ./lib")
    assert not failed.value.stops_azure
    assert not ran.exists()
    place = await PackagesOfTest(tmp_path, wheels=tmp_path, unconfined=True).environment("pip install ./lib")
    assert can_import(place, "lib")


def _listening() -> int:
    """A port of this machine's loopback on which something listens as long as the test runs."""
    import socket

    server = socket.create_server(("127.0.0.1", 0))
    _SERVERS.append(server)
    return int(server.getsockname()[1])


_SERVERS: list[object] = []
