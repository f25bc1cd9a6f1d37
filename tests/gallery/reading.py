"""One shape written to a folder, read, set up as suggested, completed, and checked; and true problems planted in it."""

from __future__ import annotations

from pathlib import Path

from tests.gallery.shapes import ASGI, ProjectShape
from tests.support.base_project import PersonsProject
from wizard.lint.scaffold import missing_files

RIGHT, ASKED, WRONG = "read right", "asked about", "wrong"


def read_shape(shape: ProjectShape, folder: Path) -> tuple[str, str]:
    """How it was read, and what is wrong."""
    folder.mkdir(parents=True)
    project = PersonsProject(folder).write({name: text for name, text in shape.files().items() if name != "_"})
    facts = project.facts()
    framework = {"factory": "flask"}.get(shape.framework, shape.framework)
    if facts.framework != framework:
        return WRONG, f"taken for {facts.framework or 'nothing'}"
    if shape.form == "none":
        new = missing_files(facts)
        project.write(dict(new))
        last = new.get("Dockerfile", "").splitlines()[-1:]
        if shape.module not in "".join(last) or ("uvicorn" in "".join(last)) != (shape.framework in ASGI):
            return WRONG, f"written: {last}"
    suggested = project.suggested()
    port = int(suggested.get("app.port", 5000))
    if port != shape.port:
        return WRONG, f"port {port}, not {shape.port}"
    mounts = [share["mount"] for share in suggested["storage.shares"]]
    wanted = [shape.database_folder] if shape.database_folder else []
    if mounts != wanted:
        return WRONG, f"shares at {mounts}, not {wanted}"
    findings = project.check(**project.accepted())
    errors = [f"{finding.id} {finding.where}: {finding.sentence}" for finding in findings if finding.severity == "error"]
    if errors:
        return WRONG, "; ".join(errors)
    warnings = sorted({finding.id for finding in findings if finding.severity == "warning"})
    expected = ["sqlite-not-kept"] if shape.database_folder is None else []
    if warnings != expected:
        return WRONG, f"warnings {warnings}, not {expected}"
    return (ASKED, "") if expected else (RIGHT, "")


def planted(shape: ProjectShape, folder: Path) -> list[str]:
    """The problems that were planted and not found; each alone, in the same project."""
    if shape.form == "none":
        return []
    project = PersonsProject(folder)
    tables = project.accepted()
    missed = []
    wrong_port = {**tables, "app": {**tables.get("app", {}), "port": shape.port + 1}}
    if "wrong-port" not in project.found(**wrong_port):
        missed.append("wrong-port")
    share = {"shares": [{"designation": "code", "mount": "/srv"}]}
    if "share-over-code" not in project.found(**{**tables, "storage": share}):
        missed.append("share-over-code")
    code = folder / shape.code_file
    before = code.read_text()
    code.write_text(f'import os\nos.environ["PLANTED_NAME"]\n{before}')
    if "variable-missing" not in project.found(**tables):
        missed.append("variable-missing")
    code.write_text(before)
    if shape.tool in ("pip", "lists"):
        listed = folder / ("requirements.txt" if shape.tool == "pip" else "requirements/prod.txt")
        listed.write_text(listed.read_text() + "numpy @ file:///croot/numpy\n")
        if "requirement-not-installable" not in project.found(**tables):
            missed.append("requirement-not-installable")
    return missed
