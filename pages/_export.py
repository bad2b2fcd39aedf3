"""Exports over HTTP: a panel's rows or its picture, a page as PDF; long ones in the background with progress."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, request, send_file

from components import export as texts
from components.i18n import LANGUAGES
from data_access.access import EVERYONE, Scope
from data_access.clock import iso
from data_access.errors import BusyError, QueryError, TandemError
from data_access.export import FORMATS, media_type, to_json, write
from data_access.export.extracts import of_result
from data_access.export.jobs import Job, Jobs, Work, rows_work
from data_access.filters import Filters
from data_access.panels import Panel, check_filters, find_panel, read_panel
from data_access.warehouse import Snapshot
from pages._draw import DRAWN, Artist
from pages._errors import problem
from pages._services import services

DIRECT_ROWS = {"json": 20_000, "csv": 20_000, "xlsx": 2_000}  # more are made by a process of their own
WAITING_REQUESTS, WAIT_S = 2, 600.0
ASKED = {"panel", "format", "filters", "lang"}
EXTENSIONS = (*FORMATS, *DRAWN)
Given = dict[str, list[str]]


def blueprint(jobs: Jobs, artist: Artist) -> Blueprint:
    """The routes; `jobs` does the long work, `artist` the pictures."""
    routes, room = Blueprint("export", __name__), threading.Semaphore(WAITING_REQUESTS)

    @routes.get("/api/v1/panels/<name>.<extension>")
    def panel(name: str, extension: str) -> Response:
        given: Given = {key: request.args.getlist(key) for key in request.args}
        background = given.pop("background", ["0"]) == ["1"]
        if extension.lower() not in EXTENSIONS:
            hint = "use " + ", ".join(f"{find_panel(name).name}.{one}" for one in EXTENSIONS)
            return problem(404, f'there is no format "{extension[:20]}"', hint)
        wanted = _wanted(name, extension.lower(), given)
        if background:
            return _accepted(_start(wanted, jobs, artist))
        return _answer(wanted, wanted.drawn(artist)) if wanted.extension in DRAWN else _rows(wanted, jobs, room)

    @routes.get("/api/v1/pages/<path:name>.<any(pdf, png, svg):extension>")
    def page(name: str, extension: str) -> Response:
        given: Given = {key: request.args.getlist(key) for key in request.args}
        lang = _language(given)
        data = artist.page(name, extension, given, lang)
        return _attached(Response(data, content_type=media_type(extension)), f"{name.replace('/', '-')}.{extension}")

    @routes.post("/api/v1/exports")
    def start() -> Response:
        asked = request.get_json()
        if not isinstance(asked, dict) or not {"panel", "format"} <= set(asked) <= {
            "panel",
            "format",
            "filters",
            "lang",
        }:
            raise QueryError("an export is asked for by panel and format", "send {panel, format, filters, lang}")
        return _accepted(_start(_wanted(str(asked["panel"]), str(asked["format"]), _given(asked)), jobs, artist))

    @routes.get("/api/v1/exports/<key>")
    def progress(key: str) -> Response:
        return _json(jobs.find(key, EVERYONE).document())

    @routes.get("/api/v1/exports/<key>/file")
    def file(key: str) -> Response:
        job = jobs.find(key, EVERYONE)
        if job.status != "done":
            raise QueryError(f"this export is {job.status}", "its file is there once it is done")
        return _file(job)

    @routes.delete("/api/v1/exports/<key>")
    def cancel(key: str) -> Response:
        return _json(jobs.cancel(key, EVERYONE).document())

    return routes


@dataclass(frozen=True)
class Wanted:
    """One export, checked: of the version that served when it was asked for."""

    panel: Panel
    extension: str
    filters: Filters
    lang: str
    snapshot: Snapshot
    scope: Scope = EVERYONE

    @property
    def file_name(self) -> str:
        return f"{self.panel.name}-v{self.snapshot.version}.{self.extension}"

    def drawn(self, artist: Artist) -> bytes:
        """The picture; a panel that cannot be read fails before anything is drawn."""
        read_panel(self.panel, self.snapshot, self.scope, self.filters)
        return artist.panel(self.panel, self.extension, self.filters, self.lang)


def _wanted(name: str, extension: str, given: Given) -> Wanted:
    if extension not in EXTENSIONS:
        raise QueryError(f'there is no format "{extension[:20]}"', "use " + ", ".join(EXTENSIONS))
    panel, lang = find_panel(name), _language(given)
    return Wanted(panel, extension, check_filters(panel, given), lang, services().reader.pinned())


def _language(given: Given) -> str:
    """Takes `lang` out of the words of the address; without it the company's."""
    lang = next(iter(given.pop("lang", [])), services().config.company.language)
    if lang not in LANGUAGES:
        raise QueryError(f'there is no language "{lang[:20]}"', "use lang=en or lang=zh")
    return lang


def _given(asked: Mapping[str, Any]) -> Given:
    filters = asked.get("filters", {})
    if not isinstance(filters, dict):
        raise QueryError("filters are no object", 'send filters like {"region": ["East"]}')
    given = {str(key): value if isinstance(value, list) else [value] for key, value in filters.items()}
    lang = {"lang": [asked["lang"]]} if "lang" in asked else {}
    return {key: [str(item) for item in values] for key, values in (given | lang).items()}


def _rows(wanted: Wanted, jobs: Jobs, room: threading.Semaphore) -> Response:
    """Few rows at once; many as a file another process makes while this request waits."""
    result = read_panel(wanted.panel, wanted.snapshot, wanted.scope, wanted.filters)
    if not result.truncated and len(result.frame) <= DIRECT_ROWS[wanted.extension]:
        with tempfile.TemporaryDirectory() as folder:
            target = Path(folder) / wanted.file_name
            company = services().config.company
            given = of_result(wanted.panel, wanted.snapshot, wanted.filters, result)
            write(given, target, texts.words(wanted.panel, wanted.lang, company))
            response = _answer(wanted, target.read_bytes())
        response.headers["X-Tandem-As-Of"] = iso(result.as_of)
        response.headers["X-Tandem-Sources"] = ",".join(result.sources)
        return response
    if not room.acquire(blocking=False):
        raise BusyError("too many long exports are waited for", "ask with POST /api/v1/exports, or try again later")
    try:
        job = _start(wanted, jobs, None)
        job.ended.wait(WAIT_S)
        if job.status == "done":
            return _file(job)
        jobs.cancel(job.id, wanted.scope)
        raise TandemError(job.error or "the export took too long", job.hint or "ask with POST /api/v1/exports")
    finally:
        room.release()


def _start(wanted: Wanted, jobs: Jobs, artist: Artist | None) -> Job:
    held = services()
    if wanted.extension in DRAWN and artist is not None:
        work: Work = lambda job: _keep(job, wanted.drawn(artist))  # noqa: E731
    else:
        words = texts.words(wanted.panel, wanted.lang, held.config.company)
        work = rows_work(held.reader.folder, wanted.snapshot.version, wanted.panel, wanted.filters, words)
    return jobs.start(wanted.file_name, wanted.scope, work)


def _keep(job: Job, data: bytes) -> None:
    job.file.write_bytes(data)


def _accepted(job: Job) -> Response:
    response = _json(job.document(), 202)
    response.headers["Location"] = f"/api/v1/exports/{job.id}"
    return response


def _file(job: Job) -> Response:
    response = send_file(job.file, media_type(job.file.suffix[1:]), as_attachment=True, max_age=0)
    response.headers["Cache-Control"] = "no-store"
    return response


def _answer(wanted: Wanted, data: bytes) -> Response:
    response = Response(data, content_type=media_type(wanted.extension))
    return response if wanted.extension == "json" else _attached(response, wanted.file_name)


def _attached(response: Response, name: str) -> Response:
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _json(body: object, status: int = 200) -> Response:
    response = Response(to_json(body), status=status, mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response
