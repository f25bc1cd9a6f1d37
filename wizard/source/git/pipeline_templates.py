"""Templates that an ``azure-pipelines.yml`` puts in, as far as they lie in the same repository."""

from __future__ import annotations

from collections.abc import MutableMapping
from functools import cache
from pathlib import Path

from wizard.source.git.pipeline_walk import PipelineSource, Templates


def templates_in(folder: Path) -> Templates:
    """Reads templates for a pipeline's file in `folder`: beside the file that names them, or with ``/`` from the repository's top.

    Those of other repositories (``name@repository``) and those whose name only a run knows are not read.
    """
    top = next((path for path in (folder.absolute(), *folder.absolute().parents) if (path / ".git").exists()), folder.absolute())

    @cache
    def read(name: str, within: str) -> PipelineSource | None:
        name = name.removesuffix("@self").replace("\\", "/")
        if "@" in name or "$" in name or not name.strip():
            return None
        beside = (top / within).parent if within else folder.absolute()
        path = (top / name.lstrip("/") if name.startswith("/") else beside / name).resolve()
        if not path.is_relative_to(top.resolve()) or not path.is_file():
            return None
        return _source(path, path.relative_to(top.resolve()).as_posix())

    return read


def _source(path: Path, name: str) -> PipelineSource | None:
    from ruamel.yaml.error import YAMLError

    from wizard.source.git.yaml_layout import PreservedYaml, too_much

    try:
        text = path.read_text("utf-8", "replace")
        file = None if too_much(text) else PreservedYaml(text)
    except (OSError, YAMLError):
        return None
    if file is None or not isinstance(file.content, MutableMapping):
        return None
    return PipelineSource(file.content, text, file.first_line, name)
