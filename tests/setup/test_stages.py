"""Several stages in one setup file: what is different in each, their names in Azure, and what they must not share by accident."""

from __future__ import annotations

from pathlib import Path

import pytest

from wizard.engine.session import CommandOptions, read_answers
from wizard.releases.going import choose_release
from wizard.setup.loading import load, override, resolve, stages_of, write
from wizard.setup.problems import AnswersError

FILE = """\
[project]
name = "orders"

[app]
port = 8000
health_path = "/health"

[[variables]]
name = "LOG_LEVEL"
value = "debug"

[stages.prod.project]
region = "northeurope"

# two of them
[stages.prod.app]
min_replicas = 2
max_replicas = 4

[[stages.prod.variables]]
name = "LOG_LEVEL"
value = "warning"

[stages.test]
"""


def setup_file(folder: Path, text: str = FILE) -> Path:
    file = folder / "azwizard.toml"
    file.write_text(text)
    return file


def test_a_stage_says_what_is_different_and_is_named_after_itself(tmp_path: Path) -> None:
    file = setup_file(tmp_path)
    assert stages_of(file) == ["dev", "prod", "test"]
    dev, prod = read_answers(CommandOptions(setup=file)), read_answers(CommandOptions(setup=file, stage="prod"))
    assert (dev.project.setup, prod.project.setup, prod.registry.name) == ("orders-dev", "orders-prod", "crordersprod")
    assert (prod.project.region, prod.app.port, prod.app.health_path, prod.app.max_replicas) == ("northeurope", 8000, "/health", 4)
    assert [variable.value for variable in prod.variables] == ["warning"]
    assert (dev.app.max_replicas, dev.project.region) == (1, "westeurope")
    assert resolve(load(file, "dev")) == dev, "the top of the file is the stage that its environment names"


@pytest.mark.parametrize(
    ("text", "stage", "told"),
    [
        (FILE, "pord", "There is no stage pord: the setup file has dev, prod, test. Did you mean prod?"),
        ("stages = 3\n" + FILE.partition("[stages")[0], "", "[stages.prod.app]"),
        (FILE + "[stages.Live]\n", "", "cannot be an environment"),
        (FILE + "[stages.live]\nport = 3\n", "", "[stages.prod.app]"),
        (FILE + '[stages.live.project]\nenvironment = "dev"\n', "", "the environment is the stage's name"),
        (FILE.replace("min_replicas", "min_replica"), "prod", "min_replicas"),
        (FILE + '[registry]\nname = "crorders"\n', "prod", "[stages.prod.registry]"),
        (FILE.replace("[app]", 'resource_group = "rg-all"\n[app]'), "prod", "[stages.prod.project]"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, text: str, stage: str, told: str) -> None:
    with pytest.raises(AnswersError) as refused:
        resolve(load(setup_file(tmp_path, text), stage))
    assert told in str(refused.value)


def test_what_stages_mean_to_share_is_theirs_to_share(tmp_path: Path) -> None:
    shared = '[registry]\nname = "crorders"\n[stages.prod.registry]\nexisting = true\nresource_group = "rg-orders-dev"\n'
    prod = resolve(load(setup_file(tmp_path, FILE + shared), "prod"))
    assert (prod.registry.name, prod.registry.existing) == ("crorders", True)


def test_stages_and_their_comments_stay_when_the_top_or_a_stage_is_written(tmp_path: Path) -> None:
    file = setup_file(tmp_path)
    write(file, override(load(file), ["app.port=9000"]))
    assert "# two of them" in file.read_text() and "format = 2" in file.read_text()
    choose_release(file, 3, "prod")
    assert (load(file).revision.release, load(file, "prod").revision.release) == (0, 3)
    assert (load(file, "prod").app.port, load(file, "prod").app.min_replicas) == (9000, 2)
    choose_release(file, 0, "prod")
    assert "[stages.prod.revision]" not in file.read_text() and "# two of them" in file.read_text()
