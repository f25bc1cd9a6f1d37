"""File shares: whether account, share and connection are there, and the key is still the one the app was given."""

from __future__ import annotations

from wizard.doctor.evidence import Evidence
from wizard.doctor.firewall_causes import is_closed, storage_closed
from wizard.doctor.verdict import START, Fix, Verdict, apply_again, later
from wizard.engine.step import Status
from wizard.lint.fixes import repaired
from wizard.platform.language import _
from wizard.sections import naming, step_ids


def share_over_code(evidence: Evidence, lines: tuple[str, ...]) -> Verdict | None:
    """A share lies over the image's own files, so that there is nothing to start: its path is moved, the code stays as it is."""
    finding = next((item for item in evidence.findings if item.id == "share-over-code"), None)
    if finding is None:
        return None
    over = next(
        (share for share in evidence.answers.storage.shares if f"“{share.designation}”" in finding.sentence),
        evidence.answers.storage.shares[0],
    )
    detail = _("The share “{share}” lies over your code: the image's own files at {mount} are hidden, so that nothing can start.")
    detail = detail.format(share=over.designation, mount=over.mount)
    return Verdict("share-over-code", detail, lines, apply_again(evidence, files=repaired([finding])))


def share_not_there(evidence: Evidence) -> Verdict | None:
    """Something between the app and its files is missing."""
    again = () if evidence.runs else (*connections(evidence), *START)  # the key may have been changed as well, which shows only then
    after = later(evidence)
    account = evidence.looks.get(step_ids.STORAGE_ACCOUNT)
    if account is not None and account.found is Status.MISSING:
        detail = _("The storage account with your API's files is not there any more.") + after
        cure = apply_again(evidence, *connections(evidence), *START)
        return Verdict("storage-missing", detail, (evidence.answers.storage.account,), cure)
    if account is not None and account.found in (Status.DIFFERENT, Status.CONFLICT):
        detail = _("The storage account does not accept its key any more, and your app reaches its files only with it.") + after
        lines = (_("{account}: access by key is off").format(account=evidence.answers.storage.account),)
        cure = apply_again(evidence, *connections(evidence), *START) if account.found is Status.DIFFERENT else Fix(account.remedy)
        return Verdict("shared-key-disabled", detail, lines, cure)
    for share in evidence.answers.storage.shares:
        look = evidence.looks.get(f"storage.share.{share.designation}")
        if look is not None and look.found is Status.MISSING:
            detail = _("The file share for {mount} is not there any more.").format(mount=share.mount) + after
            lines = (_("no file share “{name}” in {account}").format(name=share.designation, account=evidence.answers.storage.account),)
            return Verdict("share-missing", detail, lines, apply_again(evidence, *again))
        look = evidence.looks.get(f"environment.storage.{share.designation}")
        if look is not None and look.found is Status.MISSING:
            detail = _("The place to run does not know the share for {mount} any more.").format(mount=share.mount) + after
            project, shared = evidence.answers.project.name, evidence.answers.environment.existing
            name = naming.environment_storage(share.designation, project, shared=shared)
            lines = (_("environment storage “{name}”: not there").format(name=name),)
            return Verdict("share-not-connected", detail, lines, apply_again(evidence, *again))
    return None


async def key_changed(evidence: Evidence) -> Verdict | None:
    """The account's key is newer than the running copies, which were connected with the one before."""
    if not evidence.answers.storage.shares or evidence.state is None:
        return None
    account = await evidence.plan.snapshot.storage_account()
    key_created = account.key_creation_time.key1 if account and account.key_creation_time else None
    replicas = await evidence.plan.snapshot.replicas(evidence.state.name)
    began = [replica.properties.created_time for replica in replicas if replica.properties and replica.properties.created_time]
    if key_created is None or not began or key_created <= min(began):
        return None
    return _rotated(evidence, (_("key1 of {account}: made {time}").format(account=evidence.answers.storage.account, time=key_created),))


async def mount_failed(evidence: Evidence, lines: tuple[str, ...]) -> Verdict:
    """Account, share and connection are there: the key or a firewall is what remains."""
    account = await evidence.plan.snapshot.storage_account()
    if account is not None and is_closed(account, account.network_rule_set):
        return storage_closed(evidence, lines)
    times = account.key_creation_time if account else None
    if account and times and times.key1 and account.creation_time and times.key1 > account.creation_time:
        return _rotated(evidence, lines)
    detail = _("A file share could not be connected when your API was started: the key that the place to run has is not accepted.")
    return Verdict("mount-failed", detail, lines, apply_again(evidence, *connections(evidence), *START))


def connections(evidence: Evidence) -> tuple[str, ...]:
    """The steps that give the place to run the account's key."""
    return tuple(f"environment.storage.{share.designation}" for share in evidence.answers.storage.shares)


def _rotated(evidence: Evidence, lines: tuple[str, ...]) -> Verdict:
    detail = _("The key of the storage account was changed, and the place to run still has the old one: the files cannot be connected.")
    return Verdict("key-rotated", detail, lines, apply_again(evidence, *connections(evidence), *START))
