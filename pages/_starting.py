"""What a person sees before the first version is published: how far the first sync is, refreshed by itself."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, request
from markupsafe import escape

from data_access.processes import SYNC_ERROR
from pages._errors import wants_page
from pages._services import Services

_PAGE = """<!doctype html><html lang="{lang}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="1"><title>{title} - Tandem</title>
<style>body{{font:16px/1.5 system-ui,sans-serif;margin:14vh auto;max-width:34rem;padding:0 1rem}}
h1{{font-size:1.35rem}}progress{{width:100%;height:1rem}}</style>
<h1>{title}</h1><p>{company}</p><progress{value}></progress><p>{label}</p></html>"""
_WORDS = {"en": ("Getting ready", "waiting for the first data"), "zh": ("正在准备", "等待首批数据")}


def install(server: Flask, services: Services) -> None:
    """Answers page requests with the starting page until a version serves; the wall shows this state by itself."""

    @server.before_request
    def starting() -> Any:
        if services.reader.ready or not wants_page() or request.path == "/wall" or "." in request.path:
            return None
        return _page(services)


def _page(services: Services) -> Response:
    company, progress = services.config.company, services.state.progress()
    title, label = _WORDS[company.language]
    value = ""
    if progress is not None:
        label = f"{progress.step}: {progress.label}" if progress.label else progress.step
        if progress.total > 0:
            value = f' value="{min(progress.done, progress.total)}" max="{progress.total}"'
            label += f" ({progress.done:,} / {progress.total:,})"
    last = services.state.runs(1)
    if last and last[0]["status"] in ("failed", "refused"):
        label = " - ".join(filter(None, (last[0]["error"], last[0]["hint"])))
    label = services.state.fact(SYNC_ERROR) or label
    body = _PAGE.format(
        lang=company.language, title=escape(title), company=escape(company.name), value=value, label=escape(label)
    )
    response = Response(body, mimetype="text/html")
    response.headers["Cache-Control"] = "no-store"
    return response
