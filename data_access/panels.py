"""Every panel once: its name, grain, filters, metrics and read function; the page, API and command line read this."""

from __future__ import annotations

import difflib
import importlib
import threading
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data_access.access import EVERYONE, Scope
from data_access.errors import NotFound
from data_access.filters import NOTHING, Filters, parse
from data_access.result import Result

if TYPE_CHECKING:
    from data_access.snapshot import Snapshot


@dataclass(frozen=True)
class Panel:
    """What a panel shows. `title` is a translation key; `reads` are functions of data_access.<page>, the first of which
    gives the panel's rows; `filters` are names of data_access.filters, `period` holds where none is given; `wall`
    panels are drawn on the big screen; `live` ones also tell what is true now, beside the version."""

    name: str
    title: str
    page: str
    grain: str
    reads: tuple[str, ...]
    metrics: tuple[str, ...] = ()
    filters: tuple[str, ...] = ()
    period: str = "mtd"
    wall: bool = False
    live: bool = False


def _load(name: str) -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))


def _panel(name: str, fields: Mapping[str, Any]) -> Panel:
    typed: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in fields.items()}
    return Panel(name, **typed)


PANELS: dict[str, Panel] = {name: _panel(name, fields) for name, fields in _load("panels.toml").items()}
WALL: tuple[Panel, ...] = tuple(panel for panel in PANELS.values() if panel.wall)
_UNITS: dict[str, str] = _load("columns.toml")


def column_unit(name: str, currency: str) -> str | None:
    """The unit of a result's column: the base currency for money, None for text and dates."""
    unit = _UNITS.get(name)
    return currency if unit == "money" else unit


def find_panel(name: str) -> Panel:
    """QueryError with the nearest name when there is no such panel."""
    if name in PANELS:
        return PANELS[name]
    near = difflib.get_close_matches(name, PANELS, 1, 0.5)
    raise NotFound(f'there is no panel "{name[:60]}"', f'did you mean "{near[0]}"?' if near else "see /api/v1/panels")


def check_filters(panel: Panel, given: Mapping[str, str | Sequence[str]]) -> Filters:
    """The filters, checked; QueryError names the first the panel does not take."""
    return parse(given, panel.filters, panel.period)


def describe(panel: Panel) -> dict[str, Any]:
    """The panel's JSON form."""
    return {
        "name": panel.name,
        "title": panel.title,
        "page": panel.page,
        "grain": panel.grain,
        "filters": list(panel.filters),
        "metrics": list(panel.metrics),
    }


_reads: dict[str, frozenset[str]] = {}
_reads_lock = threading.Lock()


class _Recorder:
    """A snapshot that notes which queries a read function asks."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self.asked: set[str] = set()

    def query(self, name: str, scope: Scope = EVERYONE, **params: object) -> Result:
        self.asked.add(name)
        return self._snapshot.query(name, scope, **params)

    def pinned(self) -> _Recorder:
        return self

    def __getattr__(self, name: str) -> Any:
        return getattr(self._snapshot, name)


def read_panel(panel: Panel, snapshot: Snapshot, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """The panel's rows from one version."""
    return read_all(panel, snapshot, scope, filters)[panel.reads[0]]


def read_all(
    panel: Panel, snapshot: Snapshot, scope: Scope = EVERYONE, filters: Filters = NOTHING
) -> dict[str, Result]:
    """Every Result the panel is drawn from, by read function; what they ask is kept, so that `panel_etag` follows the
    queries themselves."""
    module = importlib.import_module(f"data_access.{panel.page}")
    recorder = _Recorder(snapshot)
    given = (filters,) if panel.filters else ()
    results = {name: getattr(module, name)(recorder, scope, *given) for name in panel.reads}
    with _reads_lock:
        _reads[panel.name] = _reads.get(panel.name, frozenset()) | recorder.asked
    return results


def panel_etag(panel: Panel, snapshot: Snapshot, salt: str = "") -> str:
    """Changes exactly when the panel's rows may have; before the panel was ever read, with every version."""
    with _reads_lock:
        asked = _reads.get(panel.name)
    if panel.live:
        salt = f"{salt}:{snapshot.live.stamp()}"
    if asked is None:
        return f"v{snapshot.version}-{salt}"
    return snapshot.etag(*sorted(asked), salt=f"{salt}:{panel.name}")
