"""What keeps an API from running or answering, from what the platform and its own console say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import tomlkit

from wizard.cloud.errors.advice import AdviceRule, for_said
from wizard.doctor.evidence import Evidence, telling_lines
from wizard.doctor.exit_codes import exit_words
from wizard.doctor.firewall_causes import registry_closed
from wizard.doctor.image_causes import denied
from wizard.doctor.probe_causes import api_error, ends_without_server, probe_failed, probed_elsewhere
from wizard.doctor.program_causes import no_program
from wizard.doctor.script_causes import script
from wizard.doctor.secret_causes import unreadable
from wizard.doctor.server_causes import workers_end
from wizard.doctor.share_causes import mount_failed, share_over_code
from wizard.doctor.verdict import Fix, Verdict, apply_again
from wizard.lint.fixes import repaired
from wizard.platform.language import _
from wizard.sections import step_ids
from wizard.steps.installing import STATE, installing_words

OF_PRACTICE = ("installing", "requirement-not-installable", "not-rehearsed")
"""Verdicts that the rule of the advice gives as it stands."""
VAGUE = ("not-listening", "crash")
OF_THE_APP = ("database-locked", "out-of-memory")
ALONE = re.compile(r"(?:Running on|Listening at:) https?://(?:127\.0\.0\.1|localhost):(\d+)|listens on 127\.0\.0\.1 only")
OTHER_PORT = re.compile(r"TargetPort (\d+) does not match (?:the listening port|any of the listening ports:) \[?(\d+)")
OF_LIVENESS = "failed liveness probe, will be restarted"
KILLED = re.compile(r"exit code '137'|was sent SIGKILL")
NO_VARIABLE = re.compile(r"KeyError: '([A-Z][A-Z0-9_]+)'")
OF_GUNICORN = re.compile(r"\[\d{4}-\d\d-\d\d [^]]*\] \[\d+\] \[[A-Z]+\]")


async def does_not_run(evidence: Evidence) -> Verdict:
    """Why the newest version does not run."""
    state, log = evidence.state, evidence.said
    detail = [state.detail] if state and state.detail else []
    rule = _rule(*(_without_ending(log.events, lines) for lines in ([*detail, *log.copies], log.events, log.console)))
    lines = telling_lines([*([f"{state.name}: {state.word}"] if state else []), *detail, *log.copies, *log.events])
    if rule is not None and rule.verdict in OF_PRACTICE:
        return of_practice(rule, lines)
    match rule.verdict if rule else "":
        case "secret-unreadable":
            return await unreadable(evidence, lines)
        case "registry-firewall":
            return registry_closed(evidence, lines)
        case "pull-denied" | "image-missing":
            return await denied(evidence, lines)
        case "mount-failed" | "shared-key-disabled":
            return await mount_failed(evidence, lines)
        case "database-locked":
            return _database_locked(evidence)
        case "out-of-memory":
            return _out_of_memory(evidence, (*_telling(rule, log.console), *lines))
        case "crash":
            return _crash(evidence, lines)
        case "probe-failed":
            return workers_end(evidence, lines) or probe_failed(evidence, lines, telling_lines(evidence.traceback()))
        case "wrong-port" | "not-listening":
            return _not_reached(evidence, lines)
    if state is None:
        return Verdict("not-running", _("The app has no version that could run."), lines, apply_again(evidence))
    return Verdict(
        "not-running", _("Your API does not run; Azure says only: {word}.").format(word=state.word), lines, apply_again(evidence)
    )


def installing(evidence: Evidence) -> Verdict | None:
    """The practice cloud still gets the packages of the only version; an older one that answers is looked at as ever."""
    state = evidence.state
    if state is None or not state.installing:
        return None
    rule = for_said([STATE])
    assert rule is not None
    return of_practice(rule, telling_lines([f"{state.name}: {state.word}", installing_words(state.detail) or state.detail]))


def of_practice(rule: AdviceRule, lines: tuple[str, ...]) -> Verdict:
    """What a rule of the advice says as it stands, with nothing to write."""
    return Verdict(rule.verdict, _(rule.what), lines, Fix(_(rule.remedy)))


def nothing_answered(evidence: Evidence) -> Verdict | None:
    """It runs, as Azure sees it, and only Azure's front answers."""
    if evidence.answered:
        return None
    if evidence.kept_out:
        return _kept_out(evidence)
    if own := _said_by_itself(evidence):
        return own
    words = evidence.answer.text.strip()[:200] if evidence.answer else evidence.silence
    lines = telling_lines(
        [f"GET {evidence.answers.app.health_path}: {evidence.answer.status if evidence.answer else ''} {words}", *evidence.said.events]
    )
    if evidence.answer is None:
        return _out_of_reach(evidence, words, lines)
    rule = _rule(evidence.said.copies, evidence.said.events, evidence.said.console)
    if rule is not None and rule.verdict == "crash":  # looked at between two starts
        return _crash(evidence, lines)
    return _not_reached(evidence, lines)


def _kept_out(evidence: Evidence) -> Verdict:
    """Someone gave the app IP restrictions, which a setup file knows nothing of and leaves as they are."""
    rules = evidence.ingress.get("ipSecurityRestrictions") or []
    lines = [f"{rule.get('name')}: {rule.get('action')} {rule.get('ipAddressRange')}" for rule in rules]
    detail = _("Your app lets in certain addresses only (IP restrictions), and this computer's is none of them: it answers 403.")
    command = f"az containerapp ingress access-restriction set --name {evidence.target.name} --resource-group {evidence.target.group}"
    words = _("If that is not meant, allow this computer's address: {command} --rule-name here --ip-address ADDRESS --action Allow")
    return Verdict(
        "ingress-restricted", detail, telling_lines(["RBAC: access denied", *lines]), Fix(words.format(command=command), "doctor")
    )


def _out_of_reach(evidence: Evidence, words: str, lines: tuple[str, ...]) -> Verdict:
    """Azure sees it run, and not even Azure's front can be reached from here."""
    detail = _("Azure says that your API runs, and nothing answers at its address from this computer: {words}").format(words=words)
    address = f"https://{evidence.ingress.get('fqdn')}{evidence.answers.app.health_path}"
    advice = _(
        "Open {address} from another network, such as your phone's: if it answers there, a firewall or proxy of yours holds it back; "
        "if not, your API takes too long over it, and its log shows what it does."
    )
    return Verdict("no-answer", detail, lines, Fix(advice.format(address=address), "doctor"))


def error_answered(evidence: Evidence) -> Verdict | None:
    """The API answers with a mistake of its own, or its log tells of a locked database, or of a worker that took too much memory."""
    if own := _said_by_itself(evidence):
        return own
    answer = evidence.answer
    if answer is None or answer.status < 500:
        return None
    return api_error(evidence.answers.app.health_path, answer.status, telling_lines(evidence.traceback()))


def _said_by_itself(evidence: Evidence) -> Verdict | None:
    """What only the console tells of, while Azure sees it run."""
    lines = evidence.said.console
    rule = for_said(lines)
    if rule is not None and rule.verdict == "database-locked":
        return _database_locked(evidence)
    if rule is not None and rule.verdict == "out-of-memory":
        return _out_of_memory(evidence, _telling(rule, lines))
    return None


def _telling(rule: AdviceRule | None, console: Sequence[str]) -> tuple[str, ...]:
    """The last line of the console that says what a rule is about; none where it does not."""
    return tuple(line for line in console if rule is not None and re.search(rule.words, line))[-1:]


def _without_ending(events: Sequence[str], lines: Sequence[str]) -> list[str]:
    """Lines without those that tell how Azure itself ended a copy whose liveness probe failed: its SIGKILL is no lack of memory."""
    ended = any(OF_LIVENESS in event for event in events)
    return [line for line in lines if not (ended and KILLED.search(line))]


def _rule(now: Sequence[str], events: Sequence[str], console: Sequence[str]) -> AdviceRule | None:
    """What is the matter by the copies' present state; by the console or the events where that is vague."""
    rule = for_said(now)
    if rule is not None and rule.verdict == "installing":  # it has failed before, and is tried anew
        return for_said(events) or rule
    if rule is not None and rule.verdict not in VAGUE:
        return rule
    own = for_said(console)
    if own is not None and own.verdict in OF_THE_APP:
        return own
    return rule if rule is not None and rule.verdict == "crash" else for_said(events) or rule


def _not_reached(evidence: Evidence, lines: tuple[str, ...]) -> Verdict:
    """Nothing listens where the requests go (error 111): another port, 127.0.0.1, or nothing at all."""
    if wrong := share_over_code(evidence, lines) or workers_end(evidence, lines):
        return wrong
    log_text = "\n".join(evidence.said.lines)
    target_port = evidence.ingress.get("targetPort")
    probed = [(probe.get("tcpSocket") or probe.get("httpGet") or {}).get("port") for probe in evidence.container.get("probes") or []]
    refused = next((port for port in probed if port != target_port and f"dial tcp port {port}:" in log_text), None)
    if refused is not None:
        return probed_elsewhere(refused, lines)
    cure = _code_cure(evidence)
    if target_port != evidence.answers.app.port:
        detail = _("Requests are sent to port {wanted}, and your setup says {port}: each ends in error 111.").format(
            wanted=target_port, port=evidence.answers.app.port
        )
        return Verdict("wrong-port", detail, lines, apply_again(evidence))
    if alone := ALONE.search(log_text):
        detail = _("Your API listens on 127.0.0.1 only, where Azure cannot reach it: each request ends in error 111.")
        return Verdict("loopback", detail, telling_lines([alone[0], *lines]), cure)
    if other := OTHER_PORT.search(log_text):
        port = int(other[2])
        detail = _("Your API listens on port {port}, and requests are sent to port {wanted}: each ends in error 111.").format(
            port=port, wanted=target_port
        )
        if not cure.files:
            cure = apply_again(
                evidence, files=_edited(evidence, lambda setup: setup.setdefault("app", tomlkit.table()).update({"port": port}))
            )
        return Verdict("wrong-port", detail, lines, cure)
    detail = _("Your API was started, but nothing listens on port {port}: each request ends in error 111.").format(port=target_port)
    return Verdict("not-listening", detail, lines, cure)


def _code_cure(evidence: Evidence) -> Fix:
    """Write what the code check proposes; otherwise a sentence."""
    proposed = [finding for finding in evidence.wrong_code if finding.replacement]
    if proposed and evidence.answers.pipeline.builds_folder:
        return apply_again(evidence, files=repaired(proposed))
    port = evidence.answers.app.port
    words = _("Let your API listen on 0.0.0.0:{port}, such as gunicorn --bind 0.0.0.0:{port} run:app.").format(port=port)
    return Fix(words, "apply")


def _database_locked(evidence: Evidence) -> Verdict:
    detail = _("SQLite says “database is locked”: locks do not work on a file share that is mounted without nobrl.")
    numbers = [number for number, share in enumerate(evidence.answers.storage.shares) if not share.nobrl and share.access == "ReadWrite"]
    locked = [line for line in evidence.said.console if "database is locked" in line][-1:]
    if any("nobrl" in change.after and "nobrl" not in change.before for change in evidence.looks[step_ids.REVISION].changes):
        return Verdict("database-locked", detail, tuple(locked), apply_again(evidence))
    if not numbers:
        detail = _("SQLite says “database is locked”: several processes write to one database at once.")
        words = _("Let one copy write, and one worker in it (gunicorn --workers 1).")
        return Verdict("database-locked", detail, tuple(locked), Fix(words, "apply", fields=("app.max_replicas",)))
    held = [finding for finding in evidence.findings if finding.id == "sqlite-without-nobrl"]
    words = held[0].sentence if held else ""
    chosen = [number for number in numbers if f"“{evidence.answers.storage.shares[number].designation}”" in words] or numbers

    def change(setup: Any) -> None:
        for number in chosen:
            setup["storage"]["shares"][number]["nobrl"] = True

    return Verdict("database-locked", detail, tuple(locked), apply_again(evidence, files=_edited(evidence, change)))


def _out_of_memory(evidence: Evidence, lines: tuple[str, ...]) -> Verdict:
    app = evidence.answers.app
    detail = _("Your API, or a worker of it, was ended because it took more memory than its {memory}.").format(memory=app.memory)
    if app.cpu * 2 > 4:
        return Verdict(
            "out-of-memory", detail, lines, Fix(_("Let your API take less memory: fewer workers, smaller pieces of data."), "apply")
        )

    def change(setup: Any) -> None:
        setup.setdefault("app", tomlkit.table()).update({"cpu": app.cpu * 2, "memory": f"{app.cpu * 4:.1f}Gi"})

    return Verdict("out-of-memory", detail, lines, apply_again(evidence, files=_edited(evidence, change)))


def _crash(evidence: Evidence, lines: tuple[str, ...]) -> Verdict:
    if over := share_over_code(evidence, telling_lines([*lines[:2], *evidence.said.console])):
        return over
    traceback = evidence.traceback()
    last = traceback[-1].strip() if traceback else _last_words(evidence.said.console)
    shown = (*lines[:2], *(telling_lines(traceback) or telling_lines(evidence.said.console)))
    variable = NO_VARIABLE.search(last)
    known = {variable.name for variable in evidence.answers.variables}
    if variable and variable[1] not in known:
        detail = _("Your API stops as soon as it starts: it needs the variable {name}, which your setup does not give it.").format(
            name=variable[1]
        )
        words = _("Add the variable {name} with a value or a secret.").format(name=variable[1])
        return Verdict("variable-missing", detail, shown, Fix(words, "apply", str(evidence.answers.file), ("variables",)), variable[1])
    if wrong := script(evidence, lines):
        return wrong
    if absent := no_program(evidence, lines, shown):
        return absent
    if traceback and (alone := ends_without_server(last, shown)):
        return alone
    words = "" if traceback else exit_words(lines)
    detail = words or _("Your API stops as soon as it starts: {line}").format(line=last[:200] or _("it says nothing"))
    cure = _code_cure(evidence)
    if not cure.files:
        cure = Fix(_("Correct what the last lines name."), "apply")
    return Verdict("crash", detail, shown, cure)


def _last_words(console: Sequence[str]) -> str:
    """The last line that the API printed, rather than what gunicorn tells of its end or the practice cloud of itself."""
    lines = [line.strip() for line in console if line.strip() and not line.startswith("practice cloud: ")]
    return next((line for line in reversed(lines) if not OF_GUNICORN.match(line)), lines[-1] if lines else "")


def _edited(evidence: Evidence, change: Any) -> dict[Any, str]:
    """The setup file with one change, everything else as the person wrote it."""
    file = evidence.answers.file
    setup = tomlkit.parse(file.read_text(encoding="utf-8-sig"))
    change(setup)
    return {file: tomlkit.dumps(setup)}
