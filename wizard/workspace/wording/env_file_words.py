"""What is said once a .env file was read into the table of variables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wizard.platform.language import _, plural
from wizard.setup.env_table import Place


def entries_read(before: Sequence[Mapping[str, Any]], content: Mapping[str, str]) -> str:
    """How many entries were read, and which of them the API still does not get although the file has a value of its own for them.

    :param before: the table as it stood before the file was read.
    """
    count = plural("{count} entry read.", "{count} entries read.", len(content)).format(count=len(content))
    lines = {line["name"]: line for line in before if line["place"] == Place.OUT}
    left_out = [name for name, value in content.items() if value and name in lines and lines[name]["value"] != value]
    if not left_out:
        return count
    still = _("Left out as before, so your API runs with what its code says: {names}. Choose “leave open” for what Azure should have too.")
    return f"{count} {still.format(names=', '.join(left_out))}"
