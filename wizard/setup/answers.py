"""What the person chose: the content of azwizard.toml as typed values, always valid, never a secret value."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from wizard.sections.container_app import App
from wizard.sections.environment import Environment
from wizard.sections.key_vault import KeyVault
from wizard.sections.pipeline import Pipeline
from wizard.sections.project import Project
from wizard.sections.registry import Registry
from wizard.sections.revision import Revision
from wizard.sections.sign_in import SignIn
from wizard.sections.storage import Storage
from wizard.sections.variables import Variable
from wizard.setup.introspection import questions
from wizard.setup.toml_reader import FORMAT


class Answers(msgspec.Struct, frozen=True, kw_only=True):
    """All answers of a setup, one table of azwizard.toml each.

    :param file: the setup file they were read from; paths in it are relative to its folder.
    :param stage: the stage of the file that they are of; "" for the top of the file.
    :param values_file: the file with the values of the secrets, when one was named for this run.
    """

    format: int = FORMAT
    project: Project
    sign_in: SignIn = SignIn()
    key_vault: KeyVault = KeyVault()
    registry: Registry = Registry()
    pipeline: Pipeline = Pipeline()
    storage: Storage = Storage()
    environment: Environment = Environment()
    app: App = App()
    revision: Revision = Revision()
    variables: tuple[Variable, ...] = ()
    file: Path = Path("azwizard.toml")
    stage: str = ""
    values_file: Path | None = None

    @property
    def never_sent(self) -> list[Path]:
        """The files that no build gets, even when they lie in the folder with the API's code."""
        return [file.absolute() for file in (self.file, self.values_file, self.handoff_folder, self.run_picture) if file]

    @property
    def handoff_folder(self) -> Path:
        """Where a hand-off is written: beside the setup file."""
        return self.file.absolute().parent / f"handoff-{self.project.setup}"

    @property
    def run_picture(self) -> Path:
        """Where the screens draw a run: beside the setup file."""
        return self.file.absolute().parent / f"run-{self.project.setup}.svg"

    @property
    def source_folder(self) -> Path:
        """The folder with the API's code."""
        return self.file.absolute().parent / self.project.source


TABLES: dict[str, Any] = {
    "project": Project,
    "sign_in": SignIn,
    "key_vault": KeyVault,
    "registry": Registry,
    "pipeline": Pipeline,
    "storage": Storage,
    "environment": Environment,
    "app": App,
    "revision": Revision,
    "variables": Variable,
}
"""The tables of azwizard.toml in its order; ``variables`` is a list of tables."""


def derived(answers: Answers) -> Answers:
    """The answers with every empty one that follows from others filled in, whether or not they agree: for what is still being typed."""
    before = None
    while answers != before:
        before = answers
        for name, table_type in TABLES.items():
            table = getattr(answers, name)
            for question in questions(table_type) if isinstance(table, msgspec.Struct) else ():
                if question.ask.derive and not getattr(table, question.key):
                    table = msgspec.structs.replace(table, **{question.key: question.ask.derive(answers)})
                    answers = msgspec.structs.replace(answers, **{name: table})
    return answers
