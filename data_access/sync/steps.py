"""Models made by Python instead of SQL."""

from __future__ import annotations

import ast
import importlib
import importlib.util
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb

from data_access.errors import TandemError
from data_access.sync.digest import digest

# Modules with INPUTS, OUTPUTS (tables) and build(connection), which makes all of its outputs; LOOKUPS: see Model.
PYTHON_STEPS = (
    "data_access.identity.pairs_step", "data_access.identity.links_step", "data_access.planning.step",
    "data_access.planning.lines", "data_access.planning.mrp.step",
)  # fmt: skip


@dataclass(frozen=True)
class Step:
    """A model made by Python. `code` changes with any file of its folder and those below."""

    module: str
    inputs: frozenset[str]
    outputs: tuple[str, ...]
    code: str
    lookups: frozenset[str] = frozenset()

    @classmethod
    @cache
    def find(cls, module: str) -> Step:
        """Read from the module's text: importing it (and numpy with it) can wait until it has to run."""
        spec = importlib.util.find_spec(module)
        if spec is None or spec.origin is None:
            raise TandemError(f"step {module} does not exist", "correct PYTHON_STEPS")
        path = Path(spec.origin)
        tables = _declared_tables(path.read_text(encoding="utf-8"))
        files = sorted(file for pattern in ("*.py", "*.sql", "*.toml") for file in path.parent.rglob(pattern))
        code = digest(*(file.read_text(encoding="utf-8") for file in files))
        return cls(module, frozenset(tables["INPUTS"]), tuple(tables["OUTPUTS"]), code, frozenset(tables["LOOKUPS"]))

    def run(self, con: duckdb.DuckDBPyConnection) -> None:
        importlib.import_module(self.module).build(con)


def _declared_tables(source: str) -> dict[str, list[str]]:
    """The texts in a module's INPUTS = ..., OUTPUTS = ... and LOOKUPS = ..."""
    found: dict[str, list[str]] = {"INPUTS": [], "OUTPUTS": [], "LOOKUPS": []}
    for node in ast.parse(source).body:
        for target in node.targets if isinstance(node, ast.Assign) else ():
            if isinstance(target, ast.Name) and target.id in found and isinstance(node, ast.Assign):
                found[target.id] = [
                    each.value
                    for each in ast.walk(node.value)
                    if isinstance(each, ast.Constant) and isinstance(each.value, str)
                ]
    return found
