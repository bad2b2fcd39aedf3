"""`export`: what a panel or a page shows into a file, without a server that listens anywhere."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from components import export as texts
from data_access.commands import existing_config, say
from data_access.config import Config
from data_access.errors import QueryError, TandemError
from data_access.export import FORMATS, Extract, Words, extract, write
from data_access.export.text import origin
from data_access.panels import check_filters, find_panel, read_panel
from data_access.progress import ProgressPrinter
from data_access.warehouse import Reader
from pages._draw import DRAWN

Given = dict[str, list[str]]
LONG = 5_000  # rows from which progress is worth a line


def export(arguments: argparse.Namespace) -> int:
    """Writes the file; TandemError when it cannot be made."""
    target, of_page = Path(arguments.output), arguments.panel.startswith("/")
    extension = target.suffix.removeprefix(".").lower()
    known = DRAWN if of_page else (*FORMATS, *DRAWN)
    if extension not in known:
        raise QueryError(
            f'"{target.name}" has no format Tandem writes here', "use a file that ends with " + ", ".join(known)
        )
    given = _given(arguments.filter)
    if of_page:
        config = existing_config(arguments)
        page = arguments.panel.strip("/") or "overview"
        _keep(target, _artist(config).page(page, extension, given, arguments.lang or config.company.language))
        say(arguments, {"file": str(target), "page": arguments.panel}, [f"{target}: page {arguments.panel}"])
        return 0
    panel = find_panel(arguments.panel)
    filters = check_filters(panel, given)
    config = existing_config(arguments)
    lang = arguments.lang or config.company.language
    reader = Reader(config.warehouse.path)
    reader.refresh()
    snapshot = reader.pinned().patient()
    if extension in DRAWN:
        result = read_panel(panel, snapshot, filters=filters)
        _keep(target, _artist(config).panel(panel, extension, filters, lang))
        told: dict[str, Any] = {"version": result.version}
        line = f"{target}: {panel.name}, version {result.version}"
    else:
        made = extract(panel, snapshot, filters=filters)
        _write(made, target, texts.words(panel, lang, config.company))
        told = origin(made)
        line = f"{target}: {made.total:,} rows of version {told['version']}, as of {told['as_of']}"
    say(arguments, {"file": str(target), **told}, [line])
    return 0


def _write(made: Extract, target: Path, words: Words) -> None:
    progress = ProgressPrinter()
    show = made.total >= LONG
    write(made, target, words, lambda done, total: progress("export", made.panel.name, done, total) if show else None)
    progress.close()


def _given(items: list[str]) -> Given:
    given: Given = {}
    for key, mark, value in (item.partition("=") for item in items):
        if not mark:
            raise QueryError("a filter is written -f key=value", "see `python app.py panels` for each panel's filters")
        given.setdefault(key, []).append(value)
    return given


def _artist(config: Config) -> Any:
    """One that draws this company's pages in this process."""
    from pages._draw import Artist
    from pages._render import Renderer
    from pages._server import create_server, is_page
    from pages._services import Services

    services = Services(config)
    services.reader.refresh()
    server, _ = create_server(services)
    return Artist(Renderer(server.wsgi_app), is_page)


def _keep(target: Path, data: bytes) -> None:
    try:
        target.write_bytes(data)
    except OSError as error:
        raise TandemError(f"{target} cannot be written ({error.strerror})", "choose another -o FILE") from error
