"""Everything a person has at hand while working on one setup: what was typed, who is signed in, what was found, the run that goes on."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from wizard.engine.session import CommandOptions, signed_in
from wizard.platform.language import _
from wizard.setup.loading import load
from wizard.setup.problems import AnswersError
from wizard.source.project_folders import find_projects
from wizard.state.choice_pages import Listings
from wizard.workspace.draft import Draft
from wizard.workspace.source_once import SourceOnce
from wizard.workspace.typed_reader import Reading
from wizard.workspace.typed_secrets import TypedSecrets

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from wizard.cloud import Cloud
    from wizard.engine.journal import Journal
    from wizard.engine.plan import Plan, PlannedStep
    from wizard.platform.device_code import DeviceCode
    from wizard.platform.secret import Secret
    from wizard.source.code_facts import CodeFacts
    from wizard.state.choice_pages import Listing
    from wizard.state.choices import Choice
    from wizard.workspace.progress import Progress


class Workspace:
    """One person's work on one setup, without any face. Every wizard, of screens or of lines, drives this.

    :param options: of the command line.
    """

    def __init__(self, options: CommandOptions) -> None:
        self.options = options
        self.practice = options.practice
        self.account = "owner"
        self.draft = _draft_or_blank(options.setup, options.stage)
        self._reading: Reading | None = None
        self.cloud: Cloud | None = None
        self.plan: Plan | None = None
        self.found: dict[str, list[PlannedStep]] = {}
        self.seen_last: tuple[PlannedStep, ...] = ()  # as the last look at everything found them, which no run has changed since
        self.progress: Progress | None = None
        self.lists: dict[str, list[Choice]] = {}
        self._listings = Listings(self.lists)
        self._secrets = TypedSecrets(options.env_file)
        self._source = SourceOnce()
        self.has_others_changes = False  # of which the person has not been told

    # What was typed

    def open(self, file: Path, *, practice: bool, stage: str = "") -> None:
        """Turn to another setup, or another stage of one. Raises AnswersError when its file cannot be used.

        The values that were typed for secrets are of one setup alone.
        """
        draft = Draft.open(file, stage)
        if (draft.file, draft.stage) != (self.draft.file, self.draft.stage):
            self._secrets = TypedSecrets(self.options.env_file)
        self.options = replace(self.options, setup=file, practice=practice, stage=draft.stage)
        self.draft, self.practice = draft, practice
        self._reading = None
        self.plan, self.progress = None, None
        self._source.forget()
        self.found.clear()

    def open_again(self) -> None:
        """Take what the files of this setup say now. Raises AnswersError when its file cannot be used any more."""
        self.open(self.draft.file, practice=self.practice, stage=self.draft.stage)

    @property
    def reading(self) -> Reading:
        """What was typed, read as answers."""
        if self._reading is None:
            self._reading = self.draft.read()
        return self._reading

    def begin(self, code: Path, facts: CodeFacts | None = None) -> None:
        """Fill a new setup in from the code in a folder.

        :param facts: of that code, where it was read already.
        """
        from wizard.workspace.suggestions import suggest

        self.draft.typed = suggest(self.draft.file, code, facts)
        self.draft.save()
        self.reread()

    def write_beside_code(self, files: Mapping[str, str]) -> None:
        """Put files that the code lacks into its folder: name -> content, as `wizard.lint.scaffold` makes them. Raises OSError."""
        for name, content in files.items():
            (self.code.folder / name).write_text(content, encoding="utf-8")
        if "Dockerfile" in files:
            self.put("pipeline.dockerfile", "Dockerfile")
        self.look_at_code_again()

    def put(self, where: str, value: object) -> None:
        """Keep what was typed at a place."""
        self.take_over_changes()
        self.draft.put(where, value)
        self.reread()

    def take(self, where: str, choice: Choice) -> None:
        """Put what was chosen from a list, and what comes with it, into the answers."""
        for key, value in choice.also:
            self.put(key, value)
        self.take_over_changes()
        self.draft.forget(where) if choice.value == "" else self.draft.put(where, choice.value)
        self.reread()

    def remember(self, *, screen: str | None = None, focus: str | None = None) -> None:
        """Keep where the person is, for the next start."""
        wanted = self.draft.screen if screen is None else screen, self.draft.focus if focus is None else focus
        if wanted != (self.draft.screen, self.draft.focus):
            self.take_over_changes()
            self.draft.screen, self.draft.focus = wanted
            self.draft.save()

    def take_over_changes(self) -> bool:
        """Take over what another wizard on this setup, or an editor, has changed since; whether there was something.

        Nobody's answers are written over unseen: the later one to type goes on from what the other typed.
        """
        try:
            theirs = self.draft.others_changes()
        except AnswersError:
            return False  # what is wrong with the file is told where it is read next
        if theirs is None:
            return False
        self.draft = theirs
        self.has_others_changes = True
        self.reread()
        return True

    def reread(self) -> None:
        """Read the answers again after something was typed."""
        before = self.reading.answers
        self._reading = self.draft.read()
        if before != self.reading.answers:
            self.plan = None
            from wizard.state.choices import outdated

            self._listings.forget(outdated(before, self.reading.answers))
        if before.project.source != self.reading.answers.project.source:
            self._source.forget()

    def file_was_written(self) -> None:
        """Take what the setup file says now, after something else than the screens wrote it. Raises AnswersError."""
        self.draft.base = load(self.draft.file, self.draft.stage)
        self.draft.save()
        self.reread()

    @property
    def setup(self) -> str:
        """``orders-dev``; "" while the project has no name."""
        project = self.reading.answers.project
        return project.setup if project.name else ""

    @property
    def projects(self) -> list[Path]:
        """Folders here that hold an API's code."""
        return find_projects(self.draft.file.parent)

    @property
    def code(self) -> CodeFacts:
        """What the source says, read once."""
        return self._source.facts(self.reading.answers)

    def notice_changed_code(self) -> bool:
        """Whether the source was changed by somebody else since it was read; then it is read again when it is asked for."""
        has_changed = self._source.has_changed
        if has_changed:
            self.look_at_code_again()
        return has_changed

    def look_at_code_again(self) -> None:
        """The source was changed."""
        self.plan = None
        self._source.forget()

    # Secret values: in memory, and then in the vault

    def give(self, name: str, value: Secret | None) -> None:
        """Take the value of a secret, or take it back."""
        self._secrets.give(name, value)
        self.plan = None

    def secret(self, name: str) -> Secret | None:
        """The value typed for a secret, or given by the environment or a file; None when nobody gave one."""
        return self._secrets.value(name)

    # Azure, or the practice cloud

    async def sign_in(self, prompt: Callable[[DeviceCode], None] | None = None) -> Cloud:
        """Sign in as the answers say, or to the practice cloud, and keep the connection. Raises CloudError, PracticeError."""
        from wizard.cloud import connect, connect_practice
        from wizard.cloud.transport import practice_process as practice

        await self.sign_out()
        if self.practice:
            self.account = await asyncio.to_thread(practice.account)
        self.cloud = await (
            connect_practice(wheels=self.options.wheels) if self.practice else connect(self.reading.answers.sign_in, prompt=prompt)
        )
        self.take_over_changes()
        self.draft.cloud = {"kind": self.cloud.kind, "tenant": self.cloud.tenant_id, "subscription": self.cloud.subscription_id}
        self.draft.save()
        return self.cloud

    async def sign_out(self) -> None:
        """Close the connection; what was found through it is forgotten."""
        cloud, self.cloud = self.cloud, None
        self.plan = None
        self.found.clear()
        self._listings.forget_all()
        if cloud is not None:
            await cloud.close()

    async def read_list(self, where: str) -> list[Choice]:
        """What there is to choose from at a place, read from Azure and kept until signing out. Raises what the SDK raises."""
        choices = await self.listing(where).whole()
        return self.lists.get(where, choices)

    def listing(self, where: str) -> Listing:
        """The same while it is being read, page by page; one reading for all who ask."""
        from wizard.state.choices import LIVE

        cloud = self.cloud
        assert cloud is not None
        return self._listings.read(where, lambda: LIVE[where](cloud, self.reading.answers))

    async def look(self, section: str | None = None) -> list[PlannedStep]:
        """Compare Azure with the answers, for one section or for all. Writes nothing. Raises CloudError."""
        from wizard.engine.plan import make_plan
        from wizard.steps.registry_of_steps import contributions

        assert self.cloud is not None
        answers = self.reading.answers
        chosen = [contribution for contribution in contributions() if section in (None, contribution.section)]
        plan = await make_plan(self.cloud, signed_in(answers, self.cloud), self.secret, chosen)
        for contribution in chosen:
            self.found[contribution.section] = [item for item in plan.steps if item.step.section == contribution.section]
        if section is None:
            self.seen_last = tuple(plan.steps)
        if section is None and answers == self.reading.answers:
            self.plan = plan
        return list(plan.steps)

    @property
    def address(self) -> str:
        """Where the API answers, such as ``https://capp-orders-dev...``; "" before it is known."""
        fqdn = self.plan.facts.fqdn if self.plan else None
        if fqdn:
            return f"https://{fqdn}"
        result = self.progress.result if self.progress else None
        return (result.url if result else None) or ""

    @property
    def host(self) -> str:
        """The API's host name; "" before it is known."""
        return self.address.removeprefix("https://")

    @property
    def local_address(self) -> str:
        """The plain http door to a practice app, for a browser; "" in Azure."""
        return (self.cloud.local_url(self.host) if self.cloud and self.host else None) or ""

    @property
    def is_confirmed(self) -> bool:
        """Whether an earlier sitting began to make exactly this, and was cut off."""
        return self.draft.is_confirmed(self.reading.answers)

    def journal(self) -> Journal:
        """The journal of this setup in this subscription."""
        from wizard.engine.carry_out import journal_of

        assert self.cloud is not None
        return journal_of(self.cloud, self.setup)

    def title(self, *, is_narrow: bool = False) -> str:
        """Where this happens, for the top of every screen."""
        practice = _("PRACTICE: no cost") if is_narrow else _("PRACTICE: nothing here costs money")
        return practice if self.practice else _("Azure")


def _draft_or_blank(file: Path, stage: str) -> Draft:
    """The draft of a setup; a blank one while its file cannot be used, which Home then says."""
    try:
        return Draft.open(file, stage)
    except AnswersError:
        return Draft.blank(file)
