"""Options of pip, uv, poetry and their like that take a value, by what the value is."""

from __future__ import annotations

FILES = frozenset({"-r", "--requirement", "-c", "--constraint", "-e", "--editable"})
OWN_VALUE = (
    FILES | {"--extra", "--group", "--only", "--with", "--without"} | {"--no-group", "--only-group", "-E", "--extras", "-G", "--groups"}
)
OTHER_VALUE = frozenset(
    {"-i", "--index-url", "--extra-index-url", "-f", "--find-links", "-t", "--target", "--prefix", "--root", "--src", "-w", "--wheel-dir"}
    | {"-d", "--dest", "--python", "-p", "--platform", "--python-version", "--implementation", "--abi", "--progress-bar", "--log"}
    | {"--root-user-action", "--timeout", "--retries", "--cache-dir", "--proxy", "--cert", "--client-cert", "--exists-action", "--report"}
    | {"--trusted-host", "--no-binary", "--only-binary", "--upgrade-strategy", "-C", "--config-settings", "--config-setting", "--name"}
    | {"--global-option", "--build-option", "--use-feature", "--use-deprecated", "--keyring-provider", "--link-mode", "--index-strategy"}
    | {"--index", "--default-index", "--upgrade-package", "--refresh-package", "--exclude-newer", "--no-build-package", "--directory"}
    | {"--no-binary-package", "--project", "--package", "-o", "--output", "--output-file", "--format"}
)
LINKS = frozenset({"-f", "--find-links"})
INDEX = LINKS | {"-i", "--index-url", "--extra-index-url", "--no-binary", "--only-binary"}
INDEX_FLAGS = frozenset({"--no-index", "--pre", "--prefer-binary"})
