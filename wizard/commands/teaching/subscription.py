"""The class's subscription, signed in to as the trainer; with --practice the practice cloud's, to rehearse."""

from __future__ import annotations

from wizard.classroom.class_file import ClassFile
from wizard.cloud import Cloud, connect, connect_practice
from wizard.cloud.errors.cloud_error import CloudError
from wizard.engine.session import CommandError, CommandOptions
from wizard.sections.sign_in import SignIn


async def open_subscription(options: CommandOptions, read: ClassFile) -> Cloud:
    """Sign in to the subscription that class.toml names. Raises CommandError when that cannot be done."""
    try:
        if options.practice or read.cloud.kind == "practice":
            return await connect_practice()
        return await connect(SignIn(subscription=read.cloud.subscription))
    except CloudError as error:
        raise CommandError([(f"sign-in:{error.kind}", f"{error.sentence} {error.remedy}".strip())], code=error.code) from None
