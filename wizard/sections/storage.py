"""Files to keep: the storage account and the file shares your API writes to."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from wizard.platform.language import N_
from wizard.sections import name_rules, naming
from wizard.sections.question import Ask
from wizard.sections.section import Explanation, Section


class Share(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """One ``[[storage.shares]]``: a folder that outlives the container."""

    designation: Annotated[
        str,
        Ask(label=N_("What for"), why=N_("One word such as db, logs or json; the share is named after it."), check=name_rules.DESIGNATION),
    ]
    mount: Annotated[
        str,
        Ask(label=N_("Folder in the container"), why=N_("Where your API finds these files, such as /app/data."), check=name_rules.MOUNT),
    ]
    access: Annotated[
        Literal["ReadWrite", "ReadOnly"],
        Ask(
            label=N_("Access"),
            why=N_("Whether your API may write there, or only read."),
            choices=("ReadWrite", "ReadOnly"),
        ),
    ] = "ReadWrite"
    nobrl: Annotated[
        bool,
        Ask(
            label=N_("It holds a SQLite database"),
            why=N_("SQLite on a file share needs the mount option nobrl, or it reports a locked database."),
        ),
    ] = False
    quota: Annotated[
        int,
        msgspec.Meta(ge=1, le=102400),
        Ask(label=N_("Largest size in GiB"), why=N_("You pay for what is stored, not for this limit.")),
    ] = 5


class Storage(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """The table ``[storage]``."""

    account: Annotated[
        str,
        Ask(
            label=N_("Name of the storage account"),
            why=N_("No other storage account in all of Azure may have it: small letters and digits."),
            derive=lambda answers: naming.storage_account(answers.project.name, answers.project.environment),
            check=name_rules.STORAGE_ACCOUNT,
        ),
    ] = ""
    backup_days: Annotated[
        int,
        msgspec.Meta(ge=0, le=365),
        Ask(label=N_("Days to keep a deleted share"), why=N_("A share deleted by mistake can be brought back so long; 0 for never.")),
    ] = 7
    minimum_tls: Annotated[
        Literal["1.2", "1.3"],
        Ask(
            label=N_("Oldest encryption it takes (TLS)"),
            why=N_("1.2 unless a rule of your organization wants 1.3."),
            choices=("1.2", "1.3"),
            shown_when=lambda answers: answers.storage.minimum_tls != "1.2",  # a rule that wants another names the line to write
        ),
    ] = "1.2"
    existing: Annotated[
        bool,
        Ask(
            label=N_("The storage account exists already"),
            why=N_("Yes when you share an account with others: its settings are never changed and it is never deleted."),
        ),
    ] = False
    resource_group: Annotated[
        str,
        Ask(
            label=N_("Its resource group"),
            why=N_("Where the existing account lies, when that is another resource group than yours."),
            derive=lambda answers: answers.project.resource_group,
            check=name_rules.RESOURCE_GROUP,
            shown_when=lambda answers: answers.storage.existing,
        ),
    ] = ""
    shares: Annotated[
        tuple[Share, ...],
        Ask(label=N_("File shares"), why=N_("Folders that outlive the container: what your API must not lose.")),
    ] = ()


SECTION = Section(
    name="storage",
    title=N_("Files to keep"),
    azure_term="Storage account",
    why=N_("Whatever your API writes inside its container is lost at the next start, unless it lies on a file share."),
    explanation=Explanation(
        what=N_(
            "A container forgets what it wrote when it restarts. A file share is a folder that outlives it, in a storage "
            "account. A SQLite database on a share needs the option nobrl, and only one copy of your API at a time."
        ),
        cost=N_("About 6 cents for each GB stored a month; an empty share costs nothing."),
        article=N_(
            "Creates one share for the database, one for logs and one for files to edit, named "
            "fileshare-<designation>-<project>-<environment>."
        ),
        portal=N_("Portal: Storage accounts › your account › Data storage › File shares"),
    ),
    key="storage",
    answers=Storage,
)
