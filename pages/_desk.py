"""What every desk page does: read the URL, draw each panel by itself, put the frame around them."""

from __future__ import annotations

import importlib
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import dash
from dash import html
from flask import Flask, Response, request

from components import alone
from components.desk import frame
from components.desk.panel import failed, message
from components.desk.view import View
from components.export import caption
from components.export_menu import menu
from components.i18n import LANGUAGES
from components.rows import records
from components.table import raw_rows
from data_access.access import EVERYONE
from data_access.errors import QueryError
from data_access.export import to_json
from data_access.filters import KEPT, LISTS, NOTHING, Filters, parse
from data_access.panels import Panel, find_panel, read_all
from data_access.result import Result
from data_access.snapshot import Snapshot
from data_access.window import read_request, window
from pages._errors import panel_failed
from pages._services import services

log = logging.getLogger("tandem.web")
Content = Callable[["Desk"], Any]


class Desk:
    """One request of one page: its view, and the version all its panels are read from. What the address itself names,
    e.g. customer, narrows its panels; links do not repeat it."""

    def __init__(self, view: View, snapshot: Snapshot) -> None:
        self.view = view
        self.snapshot = snapshot
        self.drawn: list[Panel] = []
        self.seen: list[Result] = []

    def read(self, name: str) -> dict[str, Result]:
        """Every Result of a panel, narrowed by the filters it takes."""
        panel = find_panel(name)
        found = read_all(panel, self.snapshot, EVERYONE, self.filters(name))
        self.seen += found.values()
        return found

    def filters(self, name: str) -> Filters:
        """The filters of the view that this panel takes."""
        panel = find_panel(name)
        given = [(key, list(values)) for key, values in self.view.filters.given]
        given += [(key, [value]) for key, value in self.view.ids.items()]
        return parse({key: values for key, values in given if key in panel.filters}, panel.filters, panel.period)

    def draw(self, name: str, **options: Any) -> Any:
        """The panel as a component; what goes wrong with it stays in it."""
        panel = find_panel(name)
        self.drawn.append(panel)
        try:
            return alone.builder(panel)(panel, self.view, self.read(name), **options)
        except Exception as error:  # whatever it is: the page's other panels live on
            told, hint, ref = panel_failed(name, error)
            text = self.view.t
            return failed(panel, self.view, told or text("desk.panel_failed"), hint or text("desk.see_log"), ref)


def show(
    active: str,
    path: str,
    url: Mapping[str, Any],
    content: Content,
    *,
    filters: Sequence[str] = (),
    extras: Sequence[str] = (),
    ids: Mapping[str, str] | None = None,
    crumbs: Callable[[Desk], Sequence[tuple[str, str | None]]] | None = None,
    actions: Callable[[Desk], Sequence[Any]] | None = None,
    period: str = "mtd",
) -> html.Div:
    """The page. url: its query parameters; filters: those its bar offers; extras: other parameters it understands;
    ids: what its path names. A URL that cannot be read gives a page that says why."""
    held = services()
    if request.method != "POST":  # Dash asks every page for its layout once while it sets itself up
        return html.Div(id="desk")
    lang = url.get("lang")
    lang = lang if lang in LANGUAGES else held.config.company.language
    taken = {name: url[name] for name in (*filters, *LISTS, *KEPT, "period", "search") if url.get(name)}
    extra = {name: str(url[name])[:300] for name in ("lang", *extras) if isinstance(url.get(name), str)}
    problem: QueryError | None = None
    try:
        chosen = parse(taken, (*dict.fromkeys((*filters, *LISTS, *KEPT, "period", "search")),), period)
    except QueryError as error:
        chosen, problem = Filters((), period), error
    snapshot = held.reader.pinned()
    view = View(lang, held.config.company, path, snapshot.today, chosen, extra, options(snapshot), ids=ids or {})
    desk = Desk(view, snapshot)
    if problem is not None:
        body: Any = message(view, problem.message, problem.hint)
        return frame.page(view, active, body, pages=known_pages(), filters=filters)
    try:
        made, path_so_far = content(desk), crumbs(desk) if crumbs else ()
        offered = [*(actions(desk) if actions else ()), menu(view, desk.drawn)]
    except QueryError as error:  # the address asks for what cannot be: the page says so
        return frame.page(view, active, message(view, error.message, error.hint), pages=known_pages(), filters=filters)
    return frame.page(
        view, active, made, pages=known_pages(), filters=filters, crumbs=path_so_far, actions=offered,
        caption=caption(view, desk.seen, tuple({name for one in desk.drawn for name in one.filters})),
    )  # fmt: skip


def known_pages() -> list[str]:
    """Names of the pages that exist."""
    return [name for name, path in frame.PATHS.items() if any(p["path"] == path for p in dash.page_registry.values())]


def options(snapshot: Snapshot) -> dict[str, list[tuple[str, str]]]:
    """What each list filter offers: (value, label), the largest seller first."""
    found: dict[str, list[tuple[str, str]]] = {}
    try:
        known = records(snapshot.query("desk/filter_values"))
    except QueryError as error:  # the page lives on without choices
        log.error("%s", error.line())
        return found
    for row in known:
        found.setdefault(row["filter"], []).append((row["value"], row["label"] or row["value"]))
    return found


def install(server: Flask, app: dash.Dash) -> None:
    """The route of table rows, and the two things that happen in the browser: a click on a mark follows its link, a
    table asks for rows."""

    @server.get("/desk/rows/<name>.json")
    def rows(name: str) -> Response:
        return _rows(name)

    app.clientside_callback(  # type: ignore[no-untyped-call]
        "function (...clicks) { window.tandem.follow(clicks); }",
        dash.Input({"type": "chart", "panel": dash.ALL}, "clickData"),
        prevent_initial_call=True,
    )
    app.clientside_callback(  # type: ignore[no-untyped-call]
        "function (request, id) { return window.tandem.rows(request, id); }",
        dash.Output({"type": "grid", "panel": dash.MATCH}, "getRowsResponse"),
        dash.Input({"type": "grid", "panel": dash.MATCH}, "getRowsRequest"),
        dash.State({"type": "grid", "panel": dash.MATCH}, "id"),
        prevent_initial_call=True,
    )


def _rows(name: str) -> Response:
    """Rows of a panel's table as it shows them: {rows: [{field: {t, b, m, s, h}}], total, version}."""
    panel = find_panel(name)
    given: dict[str, Any] = {key: request.args.getlist(key) for key in request.args}
    asked = {key: given.pop(key)[0] for key in ("start", "count", "sort", "where", "lang", "raw") if key in given}
    try:
        model = {key: json.loads(asked.get(key) or "null") for key in ("sort", "where")}
        start, count = int(asked.get("start", 0)), int(asked.get("count", 100))
    except ValueError as error:
        raise QueryError("the table asks in a form that is not known", "reload the page") from error
    held = services()
    lang = asked.get("lang", held.config.company.language)
    snapshot = held.reader.pinned()
    known = parse({key: values for key, values in given.items() if key in panel.filters}, panel.filters, panel.period)
    view = View(lang if lang in LANGUAGES else "en", held.config.company, "/", snapshot.today, known or NOTHING)
    result = read_all(panel, snapshot, EVERYONE, known)[panel.reads[0]]
    order, where = read_request(model)
    part, total = window(result.frame, start, count, order, where, held.sorted, (name, result.etag))
    cells = raw_rows if "raw" in asked else importlib.import_module(f"components.{panel.page}").ROWS[name]
    drawn = cells(records(Result(part, result.as_of, result.sources, result.version)), view, result)
    body = to_json({"rows": drawn, "total": total, "version": result.version})
    return Response(body, mimetype="application/json", headers={"Cache-Control": "no-store"})
