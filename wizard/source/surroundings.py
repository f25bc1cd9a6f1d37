"""Where an API's code finds itself in the container: its own files, the folder it starts in, Flask's root and instance folders."""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from wizard.source.files.container_files import ContainerFiles
from wizard.source.files.path_expressions import PathReader, Surroundings
from wizard.source.python_source import keyword, name_of, parse_python, read_python

APPS = ("Flask", "APIFlask", "Quart", "OpenAPI")


def surroundings(
    folder: Path, files: Sequence[Path], container: ContainerFiles | None, start: str, workdir: str, variables: Mapping[str, str]
) -> Surroundings:
    """The places that paths in the code start from.

    :param container: where files lie there; None while there is no Dockerfile, when all lie in the working directory.
    :param start: the folder that the server starts in.
    """

    def place(path: Path) -> str:
        copied = container.place(path) if container is not None else None
        return copied or posixpath.join(workdir, path.relative_to(folder).as_posix())

    plain = Surroundings(folder, posixpath.normpath(start), variables, place)
    flask_object, call = _flask(files)
    if flask_object is None or call is None:
        return replace(plain, root=plain.workdir, instance=posixpath.join(plain.workdir, "instance"))
    root = posixpath.dirname(place(flask_object))
    if (instance_path := keyword(call, "instance_path")) is not None:
        tree = parse_python(flask_object) or ast.Module([], [])
        return replace(plain, root=root, instance=PathReader(flask_object, tree, plain).text(instance_path) or "")
    top = flask_object.parent
    while (top / "__init__.py").is_file() and top != folder:
        top = top.parent  # Flask looks beside the outermost package (flask.sansio.scaffold.find_package)
    return replace(plain, root=root, instance=posixpath.join(posixpath.dirname(place(top / "x.py")), "instance"))


def _flask(files: Sequence[Path]) -> tuple[Path | None, ast.Call | None]:
    """The first file that makes a Flask app, and the call."""
    for path in files:
        if b"(" in (content := read_python(path) or b"") and any(f"{name}(".encode() in content for name in APPS):
            tree = parse_python(path)
            for node in ast.walk(tree) if tree is not None else ():
                if isinstance(node, ast.Call) and name_of(node.func) in APPS:
                    return path, node
    return None, None
