"""``test`` and ``[`` of RUN lines: whether a file is there, whether texts are equal."""

from __future__ import annotations

from wizard.practice.registry.building.file_commands import Shell, Unrehearsed


def holds(shell: Shell, words: list[str]) -> bool:
    """Whether a condition holds; raises Unrehearsed for one that practice does not know, or whose file another command may have made."""
    name, *words = words
    if name.endswith("["):
        if words[-1:] != ["]"]:
            raise Unrehearsed
        words.pop()
    negated = words[:1] == ["!"]
    return _condition(shell, words[negated:]) != negated


def _condition(shell: Shell, words: list[str]) -> bool:
    match words:
        case []:
            return False
        case [word]:
            return bool(word)
        case ["-z", word]:
            return not word
        case ["-n", word]:
            return bool(word)
        case [("-e" | "-f" | "-d" | "-s" | "-r" | "-L" | "-h" | "-x" | "-w") as option, word]:
            return _is(shell, option, shell.path(word))
        case [left, ("=" | "=="), right]:
            return left == right
        case [left, "!=", right]:
            return left != right
    raise Unrehearsed


def _is(shell: Shell, option: str, path: str) -> bool:
    here = shell.tree.path(path, follow=option not in ("-L", "-h"))
    if option in ("-L", "-h"):
        if here.is_symlink() or here.exists():
            return here.is_symlink()
    elif here.exists():
        match option:
            case "-f":
                return here.is_file()
            case "-d":
                return here.is_dir()
            case "-s":
                return here.stat().st_size > 0
            case "-x":
                return here.is_dir() or bool(here.stat().st_mode & 0o111)
        return True
    if not shell.certain(path):
        raise Unrehearsed
    return False
