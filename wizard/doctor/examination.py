"""When it does not work: looking, saying what is wrong, and repairing it; the same for every face."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from wizard.engine.events import ResultEvent, VerdictEvent
from wizard.engine.reporting.event_lines import ACTION_WORDS
from wizard.engine.session import Session
from wizard.platform.language import _
from wizard.platform.phrases import with_detail

if TYPE_CHECKING:
    from wizard.doctor import Evidence, Verdict


@dataclass(frozen=True)
class DoctorReport:
    """What the doctor found, ready to be shown: without a secret's value.

    :param files: what would be written, with the whole new content: by the cure, or else what the code check proposes.
    :param steps: what applying the setup would make or change, one line each.
    """

    verdict: Verdict
    files: dict[Path, str]
    steps: tuple[str, ...]
    folder: Path

    @property
    def applies(self) -> bool:
        """Whether the cure applies the setup."""
        return self.verdict.cure is not None and self.verdict.cure.applies

    @property
    def offers(self) -> bool:
        """Whether there is something that the wizard can do."""
        return self.applies or bool(self.files)

    @property
    def difference(self) -> str:
        """What would be different afterwards: in the files, then in Azure."""
        from wizard.lint.fixes import difference

        cure = self.verdict.cure
        lines = [difference(self.files, self.folder)] if self.files else []
        if self.applies and cure is not None:
            lines += [_("bring back  the deleted secret {name}").format(name=name) for name in cure.secrets]
            lines += [_("start       the app as a whole")] if cure.starts else []
            lines += self.steps or [_("apply       the setup, with these files")] if self.files else self.steps
        return "\n".join(lines)


async def examine(session: Session) -> DoctorReport:
    """Look at the deployment and at the code, and tell what the code check found. Raises CloudError and HttpResponseError."""
    from wizard.doctor import diagnose, gather
    from wizard.doctor.redaction import discreet, secret_values
    from wizard.doctor.treatment import again

    evidence = await gather(session.cloud, session.answers, session.given_secret, session.reporter.say)
    for finding in evidence.findings:
        session.reporter.event(finding.event())
    verdict = await diagnose(evidence)
    values, _complete = await secret_values(evidence)
    shown = discreet(verdict, values)
    cure = verdict.cure
    files = cure.files if cure is not None and cure.applies else {}
    files = files or _proposed(session, evidence, healthy=verdict.healthy)
    planned = [item.event() for item in again(evidence.plan, cure.again if cure else ()).to_make]
    steps = tuple(f"{_(ACTION_WORDS[each.action]):<11} {with_detail(each.title, each.detail)}" for each in planned)
    return DoctorReport(shown, files, steps, session.answers.source_folder)


async def repair(session: Session, report: DoctorReport) -> ResultEvent | None:
    """Carry out what was found to help, without asking; None when only files were written. Raises as `apply_fix` of the doctor."""
    from wizard.doctor import apply_fix
    from wizard.lint.fixes import write

    cure = report.verdict.cure
    if cure is None or not cure.applies:
        write(report.files)
        return None
    return await apply_fix(session, replace(cure, files=report.files))


def _proposed(session: Session, evidence: Evidence, *, healthy: bool) -> dict[Path, str]:
    """What the code check would write: where it certainly breaks, and once all is well where it may hurt.

    The code itself only where the wizard builds it.
    """
    from wizard.lint.fixes import repaired
    from wizard.lint.linter import errors

    built_here = session.answers.pipeline.builds_folder
    fixable = [finding for finding in evidence.findings if built_here or finding.path == session.answers.file]
    return repaired(errors(fixable)) or (repaired(fixable) if healthy else {})


def subscription_disabled(refusal: str) -> VerdictEvent:
    """The verdict on a sign-in that was refused because the subscription is switched off."""
    return VerdictEvent("subscription-disabled", refusal, (), _("Re-enable it in the Azure portal under Subscriptions."))
