"""What the name or the value of a variable looks like when it is a password or a key: one rule for code, ENV lines, files and typing."""

from __future__ import annotations

import re

PRIVATE_NAME = re.compile(
    r"(^|_)(KEY|SECRET|TOKEN|PASS|PASSWORD|PASSWD|PWD|PASSPHRASE|CREDENTIALS?|DSN|SALT|PEPPER|PRIVATE|SIGNATURE|APIKEY|"
    r"CONNECTION_?STRING|CONN_?STR|AUTH|PIN)S?(_|$)"
    r"|(PASSWORD|PASSWD|APIKEY|SECRETKEY|ACCESSKEY|PRIVATEKEY|PASSKEY|PASSPHRASE|SECRET|TOKEN)$",
    re.IGNORECASE,
)
PRIVATE_VALUE = re.compile(
    r"://[^/\s:@]*:[^/\s@]+@|AccountKey=|SharedAccessKey=|Password=|Pwd=|[?&]sig=|-----BEGIN "
    r"|^(gh[pousr]_|github_pat_|sk-|sk_live_|xox[abp]-|eyJ|AKIA)",
    re.IGNORECASE,
)
RANDOM_VALUE = re.compile(r"(?=.*\d)(?=.*[A-Za-z])[A-Za-z0-9+/=_-]{24,}")
IDENTIFIER = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
"""A UUID names something, such as a tenant or a client; it opens nothing."""
DATABASE_NAME = re.compile(
    r"(^|_)(DATABASE|DB|SQLALCHEMY_DATABASE|POSTGRES(QL)?|PG|MYSQL|MARIADB|MONGO(DB)?|REDIS|RABBITMQ|AMQP|BROKER|CELERY_BROKER|RESULT_BACKEND|"
    r"CELERY_RESULT|MESSAGE_QUEUE|SQL|CACHE)_?(URL|URI)$|^(CELERY_)?RESULT_BACKEND$|^DATABASE$"
    r"|(^|_)(DATABASE|DB|POSTGRES(QL)?|PG|MYSQL|MARIADB|MONGO(DB)?|REDIS|RABBITMQ|AMQP)_(\w+_)?(URL|URI|DSN)$",
    re.IGNORECASE,
)
"""The address of a database, which holds a password in nearly every case."""
PRIVATE_ADDRESS = re.compile(r"(WEBHOOK|SAS)_(URL|URI)$|(SLACK|DISCORD|TEAMS)_(\w+_)?WEBHOOK$", re.IGNORECASE)
"""Addresses that let in whoever knows them."""
PLAIN_LAST = re.compile(
    r"_(FILE(NAME)?|PATH|DIR(ECTORY)?|FOLDER|URLS?|URI|ENDPOINT|HOST|PORT|NAME|USER(NAME)?|LENGTH|SIZE|LOCATION|HEADERS?|PREFIX|SUFFIX|"
    r"(MILLI)?SECONDS?|SECS?|MINUTES?|MINS?|HOURS?|DAYS?|TTL|EXPIR(E|ES|Y|ATION)(_\w+)?|LIFETIME|TIMEOUT|MAX|MIN|LIMIT|COUNT|RETRIES|"
    r"ENABLED?|DISABLED?|REQUIRED|OPTIONAL|ALGORITHMS?|ALG|TYPE|KIND|MODE|FORMAT|VERSION|ISSUER|AUDIENCE|SCOPES?|DOMAIN|REALM|ID|COOKIE|"
    r"BACKEND|CLASS|PROVIDER|ROUNDS|ITERATIONS|POLICY|MODEL|REGION|LEVEL|VAULT)$|^(USE|ENABLE|DISABLE|REQUIRE|ALLOW|HAS|IS|SHOW)_|(^|_)(PUBLIC|PUBLISHABLE|PRIMARY|FOREIGN|SORT|PARTITION)_KEY(_|$)"
    r"|_(COLUMN|FIELD|TABLE|DATE|TIME|INDEX|STRATEGY|ROTATION|STORE|STORAGE|GENERATOR|VALIDATOR|VERIFY|FINGERPRINT|ARN|SOURCE|DB)$",
    re.IGNORECASE,
)
"""Names whose last word says that the value is a place, a number, a switch or a name, whatever it is about."""
ALWAYS = re.compile(r"(PASSWORD|PASSWD|PASS|PWD|SECRET|PASSPHRASE|SECRET_KEY|API_?KEY|PIN)$", re.IGNORECASE)
"""Names whose value is secret even where it is a bare number or word."""
PLAIN_VALUE = re.compile(
    r"-?\d+([.,]\d+)?[smhd%]?|\d{4}-\d\d-\d\d([T ][\d:.Z+-]+)?|true|false|yes|no|on|off|none|null|enabled|disabled"
    r"|/[^\s]*|\.{0,2}/?[\w.-]+(/[\w.-]+)*\.(json|ya?ml|toml|ini|cfg|conf|pem|crt|cer|key|txt|csv|db|sqlite3?|log|env|pub|p12|pfx|html|py)"
    r"|(?!\w+://[^/\s]*:[^/\s]*@)[a-z][\w+.-]*://[^\s?]*",
    re.IGNORECASE,
)
"""A number, a switch, a file or folder, or an address that holds no password."""

PLACEHOLDER = re.compile(
    r"<.*>|\[.*\]|\{\{.*\}\}|x{3,}|\.{3,}|\*{3,}|todo|placeholder|my[-_ ].*[-_ ]here"
    r"|(your|change|insert|put|enter|replace|todo|xxx|fill)[-_ ]?\w*.*(here|me|it|this|key|secret|password|token|value)",
    re.IGNORECASE,
)
"""A value that only says that one belongs there."""
PLACE_IN_IT = re.compile(
    r"<[\w .:-]+>|\*\*|\byour[-_]\w"
    r"|://([^/\s@]*@)?([\w-]+\.)*(example\.(com|org|net)|domain\.(tld|com)|(yourdomain|mydomain)\.\w+|[\w-]+\.(example|invalid))\b",
    re.IGNORECASE,
)
"""A part of a value that somebody has to write for themselves: ``<name>``, ``**``, a host that is kept for examples (RFC 2606)."""


def is_placeholder(value: str) -> bool:
    """Whether a value, or a part of it, only says that one belongs there."""
    return PLACEHOLDER.fullmatch(value.strip()) is not None or PLACE_IN_IT.search(value) is not None


def looks_secret(name: str, value: str = "") -> bool:
    """Whether a variable holds a password or key, by what it is called and by the value it has or falls back to.

    :param value: "" when it is not known.
    """
    if PRIVATE_VALUE.search(value) or PRIVATE_ADDRESS.search(name):
        return True
    plain = bool(value) and PLAIN_VALUE.fullmatch(value) is not None
    if DATABASE_NAME.search(name):
        return not plain
    if ALWAYS.search(name) and not PLAIN_LAST.search(name):
        return not (value and value.lower() in ("true", "false")) and not (plain and "/" in value)
    if plain or PLAIN_LAST.search(name):
        return False
    if PRIVATE_NAME.search(name):
        return True
    return RANDOM_VALUE.fullmatch(value) is not None and not IDENTIFIER.fullmatch(value)
