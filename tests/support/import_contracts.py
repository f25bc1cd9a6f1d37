"""A contract of import-linter that its own types cannot say, since they name what is forbidden and not what is allowed."""

from __future__ import annotations

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class LeavesOnlyContract(Contract):
    """A package imports nothing of its root package but itself and named leaves, whatever is added to the root later.

    ``package``: the package that stands alone. ``leaves``: packages that it may import, which in turn import only themselves.
    """

    package = fields.StringField()
    leaves = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        package, leaves = str(self.package), [str(leaf) for leaf in self.leaves]  # type: ignore[attr-defined]
        wrong = _imports_outside(graph, package, [package, *leaves])
        for leaf in leaves:
            wrong += _imports_outside(graph, leaf, [leaf])
        return ContractCheck(kept=not wrong, metadata={"imports": wrong})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for importer, imported in check.metadata["imports"]:
            output.print_error(f"{importer} is not allowed to import {imported}", bold=False)


def _imports_outside(graph: ImportGraph, package: str, allowed: list[str]) -> list[tuple[str, str]]:
    """(importer, imported) of every import of the package's that leads to the program's own code outside of `allowed`."""
    roots = {module.partition(".")[0] for module in graph.modules if not graph.is_module_squashed(module)}
    importers = {package, *graph.find_descendants(package)}
    pairs = [(importer, imported) for importer in importers for imported in graph.find_modules_directly_imported_by(importer)]
    return sorted(
        (importer, imported)
        for importer, imported in pairs
        if imported.partition(".")[0] in roots and not any(f"{imported}.".startswith(f"{name}.") for name in allowed)
    )
