"""What the name or the value of a variable looks like when it is a password or a key."""

from __future__ import annotations

import re

PRIVATE_NAME = re.compile(
    r"(^|_)(KEY|SECRET|TOKEN|PASS|PASSWORD|PASSWD|PWD|PASSPHRASE|CREDENTIALS?|DSN|SALT|PRIVATE|SIGNATURE|APIKEY|CONNECTION_?STRING|AUTH)(_|$)",
    re.IGNORECASE,
)
PRIVATE_VALUE = re.compile(
    r"://[^/\s:@]*:[^/\s@]+@|AccountKey=|SharedAccessKey=|-----BEGIN |^(gh[pousr]_|sk-|xox[abp]-|eyJ)", re.IGNORECASE
)
RANDOM_VALUE = re.compile(r"(?=.*\d)(?=.*[A-Za-z])[A-Za-z0-9+/=_-]{24,}")
