"""A table whose rows come from the server as one scrolls, so that a hundred thousand stay quick."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import dash_ag_grid as dag
from dash import html

from components.i18n import has, section
from components.marks import attrs

if TYPE_CHECKING:
    from components.desk.view import View

Kind = Literal["text", "number", "bar", "cover", "status", "spark", "level", "party"]
BLOCK = 100
# Structure and spacing are AG Grid's own theme; every colour is a token of ours.
THEME = (
    "themeQuartz.withParams({fontFamily: 'inherit', fontSize: 12.5, spacing: 5, backgroundColor: 'var(--surface)', "
    "foregroundColor: 'var(--text)', headerBackgroundColor: 'var(--surface-2)', headerTextColor: 'var(--text-2)', "
    "headerFontWeight: 500, borderColor: 'var(--grid)', wrapperBorder: false, wrapperBorderRadius: 0, rowHeight: 27, "
    "headerHeight: 28, oddRowBackgroundColor: 'var(--surface)', rowHoverColor: 'var(--surface-2)', "
    "accentColor: 'var(--erp)', columnBorder: false, cellHorizontalPadding: 10})"
)


@dataclass(frozen=True)
class Column:
    """One column. field: of the panel's rows; role: the glyph in its head; kind: how its cells are drawn; grow: share
    of spare room (0 = fixed at `width` px); hidden: offered by the column menu only."""

    field: str
    head: str
    width: int = 110
    kind: Kind = "text"
    role: str | None = None
    grow: int = 0
    hidden: bool = False
    sort: Literal["asc", "desc"] | None = None


@dataclass(frozen=True)
class Cell:
    """What stands in a cell. text: as people read it; bar: 0..100, or for a cover cell the stock's end, for a level how
    many of three blocks; mark: 0..100, the ◆; status: ok, warn, crit; href: where it leads; series: the sparkline,
    0..1; roles: the systems a party is known to, e.g. "erp crm"."""

    text: str
    bar: float | None = None
    mark: float | None = None
    status: str | None = None
    href: str | None = None
    series: Sequence[float] | None = None
    roles: str | None = None

    def plain(self) -> dict[str, Any]:
        """Its JSON form, without what is not set."""
        found = {"t": self.text, "b": self.bar, "m": self.mark, "s": self.status, "h": self.href, "v": self.series,
                 "r": self.roles}  # fmt: skip
        return {key: value for key, value in found.items() if value is not None}


def grid(
    panel: str, view: View, columns: Sequence[Column], *, height: int | None = None, label: str = "", query: str = ""
) -> html.Div:
    """The table of a panel: sortable, filterable by column; the browser asks for its rows, narrowed by the page's
    address and by `query` beyond it."""
    table = dag.AgGrid(
        id={"type": "grid", "panel": panel},
        className="ag-theme-tandem",
        columnDefs=[_column(one, view) for one in columns],
        defaultColDef={"sortable": True, "resizable": True, "suppressHeaderMenuButton": True, "minWidth": 60},
        rowModelType="infinite",
        columnSize=None,
        dashGridOptions={
            "cacheBlockSize": BLOCK,
            "maxBlocksInCache": 20,
            "infiniteInitialRowCount": 1,
            "rowSelection": {"mode": "singleRow", "checkboxes": False, "enableClickSelection": False},
            "suppressCellFocus": False,
            "suppressColumnVirtualisation": True,
            "suppressMultiSort": False,
            "animateRows": False,
            "theme": {"function": THEME},
            "tooltipShowDelay": 300,
            "localeText": section(view.lang, "grid"),
        },
        style={"height": f"{height}px"} if height else {"height": "100%"},
    )
    told = attrs(data_grid=panel, data_query=query, aria_label=label or panel)
    return html.Div(table, className="grid-box", role="region", **told)


def _column(column: Column, view: View) -> dict[str, Any]:
    number = column.kind in ("number", "bar", "cover")
    found: dict[str, Any] = {
        "field": column.field,
        "headerName": view.t(column.head) if has(view.lang, column.head) else column.head,
        "width": column.width,
        "cellRenderer": "TandemCell",
        "cellRendererParams": {"kind": column.kind},
        "filter": "agNumberColumnFilter" if number else "agTextColumnFilter",
        "filterParams": {"maxNumConditions": 1, "buttons": ["reset"]},
        "cellClass": f"cell-{column.kind}",
        "headerClass": ("head-number " if column.kind == "number" else "")
        + (f"head-{column.role}" if column.role else ""),
        "hide": column.hidden,
    }
    if column.grow:
        found |= {"flex": column.grow, "minWidth": column.width}
    if column.sort:
        found["sort"] = column.sort
    return found
