"""Exports over HTTP: a panel's rows or its picture, a page as a report, long ones in the background with progress."""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Iterator

from flask import Blueprint, Response, request, send_file

from data_access.access import EVERYONE
from data_access.clock import iso
from data_access.errors import BusyError, QueryError, TandemError
from data_access.export import media_type, to_json
from data_access.export.jobs import Job, Jobs
from pages._draw import Artist
from pages._wanted import Given, Wanted, language

WAITING_REQUESTS, WAIT_S = 2, 600.0


def blueprint(jobs: Jobs, artist: Artist) -> Blueprint:
    """The routes; `jobs` does the long work, `artist` the pictures. Only few requests at a time may wait for either:
    the web server's threads are everybody's."""
    routes, room = Blueprint("export", __name__), threading.Semaphore(WAITING_REQUESTS)

    @contextlib.contextmanager
    def waiting() -> Iterator[None]:
        if not room.acquire(blocking=False):
            raise BusyError("too many exports are waited for", "ask with POST /api/v1/exports, or try again later")
        try:
            yield
        finally:
            room.release()

    @routes.get("/api/v1/panels/<name>.<extension>")
    def panel(name: str, extension: str) -> Response:
        given = _given()
        background = given.pop("background", ["0"]) == ["1"]
        wanted = Wanted.of(name, extension.lower(), given)
        if background:
            return _accepted(jobs.start(wanted.file_name, wanted.scope, wanted.work(artist)))
        if wanted.is_picture:
            with waiting():
                return _attached(wanted.drawn(artist), wanted.file_name)
        found = wanted.direct()
        if found is None:
            with waiting():
                return _waited(jobs.start(wanted.file_name, wanted.scope, wanted.work(artist)), jobs)
        data, result = found
        response = _attached(data, wanted.file_name) if wanted.extension != "json" else _json_bytes(data)
        response.headers["X-Tandem-As-Of"] = iso(result.as_of)
        response.headers["X-Tandem-Sources"] = ",".join(result.sources)
        return response

    @routes.get("/api/v1/pages/<path:name>.<any(pdf, png, svg):extension>")
    def page(name: str, extension: str) -> Response:
        given = _given()
        lang = language(given)
        with waiting():
            data = artist.page(name, extension, given, lang)
        return _attached(data, re.sub(r"[^A-Za-z0-9._-]+", "-", name) + f".{extension}")

    @routes.post("/api/v1/exports")
    def start() -> Response:
        wanted = Wanted.asked(request.get_json())
        return _accepted(jobs.start(wanted.file_name, wanted.scope, wanted.work(artist)))

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


def _given() -> Given:
    return {key: request.args.getlist(key) for key in request.args}


def _waited(job: Job, jobs: Jobs) -> Response:
    """The file of a long export, once it is made."""
    job.ended.wait(WAIT_S)
    if job.status == "done":
        return _file(job)
    jobs.cancel(job.id, job.scope)
    raise TandemError(job.error or "the export took too long", job.hint or "ask with POST /api/v1/exports")


def _accepted(job: Job) -> Response:
    response = _json(job.document(), 202)
    response.headers["Location"] = f"/api/v1/exports/{job.id}"
    return response


def _file(job: Job) -> Response:
    response = send_file(job.file, media_type(job.file.suffix[1:]), as_attachment=True, max_age=0)
    response.headers["Cache-Control"] = "no-store"
    return response


def _attached(data: bytes, name: str) -> Response:
    response = Response(data, content_type=media_type(name.rpartition(".")[2]))
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _json(body: object, status: int = 200) -> Response:
    return _json_bytes(to_json(body), status)


def _json_bytes(data: bytes, status: int = 200) -> Response:
    response = Response(data, status=status, mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response
