"""Words for what stands as a code word in azwizard.toml, wherever a person chooses or reads it."""

from __future__ import annotations

from wizard.platform.language import N_, _

CHOICES = {
    "sign_in.credential": {
        "azure-cli": N_("with the Azure CLI (az login)"),
        "browser": N_("in a browser on this computer"),
        "device-code": N_("with a code on another device"),
        "environment": N_("by variables, in automation"),
    },
    "key_vault.deleted": {
        "ask": N_("say so, and make nothing"),
        "recover": N_("bring it back, with its secrets"),
        "purge": N_("remove it for good, and make a new one"),
    },
    "pipeline.build": {
        "registry": N_("the registry, from your folder"),
        "docker": N_("this computer, with Docker or Podman"),
        "azure-devops": N_("Azure DevOps, from your repository"),
        "github": N_("GitHub, from your repository"),
        "existing": N_("nobody: the image is there already"),
    },
    "pipeline.connection": {
        "identity": N_("by an identity made for it: no right in the directory needed"),
        "automatic": N_("by an application that Azure DevOps registers in the directory"),
    },
    "app.identity": {
        "system": N_("its own, made with it (system)"),
        "user": N_("one made before it (user)"),
    },
    "app.scale_days": {
        "never": N_("no"),
        "weekdays": N_("Monday to Friday"),
        "every-day": N_("every day"),
    },
    "storage.shares.access": {
        "ReadWrite": N_("read and write"),
        "ReadOnly": N_("only read"),
    },
    "variables.place": {
        "locked": N_("lock away"),
        "open": N_("leave open"),
        "out": N_("leave out"),
    },
}
"""Key in azwizard.toml, without numbers -> value -> words."""


def choice(key: str, value: str) -> str:
    """The words for a value; the value itself where there are none."""
    words = CHOICES.get(key, {}).get(value)
    return _(words) if words else value


def yes_no(value: bool) -> str:
    return _("yes") if value else _("no")


def with_detail(title: str, detail: str) -> str:
    """``Key vault kv-orders-dev: westeurope``, with the colon of the language; the title alone without a detail."""
    return _("{title}: {detail}").format(title=title, detail=detail) if detail else title


def quoted(text: str) -> str:
    """A text in the quotation marks of the language."""
    return _("“{text}”").format(text=text)


def in_short(text: str) -> str:
    """The first line of what happened, without a last sentence that only announces the next lines."""
    first = text.partition("\n")[0].strip()
    announced = first.rpartition(". ")[0]
    return f"{announced}." if first.endswith(":") and announced else first


def ago(seconds: float) -> str:
    """``2 hours ago``."""
    from wizard.platform.language import plural

    minutes, hours, days = int(seconds // 60), int(seconds // 3600), int(seconds // 86400)
    if days:
        return plural("{count} day ago", "{count} days ago", days).format(count=days)
    if hours:
        return plural("{count} hour ago", "{count} hours ago", hours).format(count=hours)
    if minutes:
        return plural("{count} minute ago", "{count} minutes ago", minutes).format(count=minutes)
    return _("just now")


def clock(seconds: float) -> str:
    """``1:40``."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def statuses_text(statuses: tuple[int, ...]) -> str:
    """Statuses as they are told: ``200, 404``, ``2xx`` for all of a hundred, ``200-204`` for a row."""
    rows: list[list[int]] = []
    for status in statuses:
        if rows and status == rows[-1][-1] + 1:
            rows[-1].append(status)
        else:
            rows.append([status])
    return ", ".join(part for row in rows for part in _row_text(row))


def _row_text(row: list[int]) -> list[str]:
    if len(row) < 3:
        return [str(status) for status in row]
    if row[0] % 100 == 0 and row[-1] % 100 == 99:
        return [f"{hundred}xx" for hundred in range(row[0] // 100, row[-1] // 100 + 1)]
    return [f"{row[0]}-{row[-1]}"]
