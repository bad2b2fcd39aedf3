"""Everything a panel has to give: its rows in batches, however many, and where they come from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from data_access.access import EVERYONE, Scope
from data_access.errors import WarehouseError
from data_access.filters import NOTHING, Filters
from data_access.panels import Panel, column_unit, read_panel
from data_access.result import Result

if TYPE_CHECKING:
    import pandas as pd

    from data_access.snapshot import Snapshot

Batch = list[tuple[Any, ...]]
BATCH_ROWS = 5_000


@dataclass(frozen=True)
class Extract:
    """A panel's rows and their provenance, all of one version.

    names: the columns; total: how many rows there are; period: its first and last day where the panel has one.
    """

    panel: Panel
    filters: Filters
    result: Result
    names: tuple[str, ...]
    total: int
    manifest: dict[str, Any]
    period: tuple[date, date] | None
    _read: Callable[[], Iterator[Batch]]

    @property
    def currency(self) -> str:
        return str(self.manifest["currency"])

    @property
    def units(self) -> list[str | None]:
        """The unit of each column, the base currency for money."""
        return [column_unit(name, self.currency) for name in self.names]

    def batches(self) -> Iterator[Batch]:
        """Every row, once; WarehouseError when they are not as many as there are."""
        done = 0
        for batch in self._read():
            done += len(batch)
            yield batch
        if done != self.total:
            raise WarehouseError(f"{done:,} rows were read where there are {self.total:,}", "export again")


def extract(panel: Panel, snapshot: Snapshot, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Extract:
    """The panel under `filters`, never cut: what is more than a page can hold comes in a stream of the same version."""
    noting = _Noting(snapshot)
    result = read_panel(panel, cast("Snapshot", noting), scope, filters)
    if not result.truncated:
        return of_result(panel, snapshot, filters, result)
    question = noting.question_of(result.frame)
    if question is None:
        whole = read_panel(panel, snapshot.patient(limit=None), scope, filters)
        return of_result(panel, snapshot, filters, whole)
    total, reader = snapshot.stream(question[0], scope, BATCH_ROWS, **question[1])
    return replace(of_result(panel, snapshot, filters, result), total=total, _read=lambda: _of_stream(reader))


def of_result(panel: Panel, snapshot: Snapshot, filters: Filters, result: Result) -> Extract:
    """A Result that holds all its rows."""
    period = filters.days(snapshot.today) if "period" in panel.filters else None
    names = tuple(str(name) for name in result.frame.columns)
    frame = result.frame
    return Extract(panel, filters, result, names, len(frame), snapshot.manifest, period, lambda: _of_frame(frame))


class _Noting:
    """A snapshot that remembers which query each frame is the answer of."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._answers: list[tuple[pd.DataFrame, str, dict[str, object]]] = []

    def query(self, name: str, scope: Scope = EVERYONE, **params: object) -> Result:
        answer = self._snapshot.query(name, scope, **params)
        self._answers.append((answer.frame, name, params))
        return answer

    def question_of(self, frame: pd.DataFrame) -> tuple[str, dict[str, object]] | None:
        """The query whose rows, untouched, `frame` is."""
        return next(((name, params) for mine, name, params in self._answers if mine is frame), None)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._snapshot, name)


def _of_frame(frame: pd.DataFrame) -> Iterator[Batch]:
    for start in range(0, len(frame), BATCH_ROWS):
        yield list(frame.iloc[start : start + BATCH_ROWS].itertuples(index=False, name=None))


def _of_stream(reader: Any) -> Iterator[Batch]:
    for batch in reader:
        yield list(zip(*(column.to_pylist() for column in batch.columns), strict=True))
