"""Where an export comes from, as rows of (label, value) that a person reads."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from data_access.clock import parse_iso, utc_now
from data_access.export.extracts import Extract
from data_access.export.values import flat
from data_access.export.words import Words
from data_access.metrics import metrics

Line = tuple[str, ...]


def facts(given: Extract, words: Words, sheets: int, cut: int, now: datetime | None = None) -> Iterator[Line]:
    """What, narrowed how, of when, from where, how much; `cut`: texts longer than a spreadsheet's cell."""
    result, zone = given.result, ZoneInfo(str(given.manifest["timezone"]))

    def when(moment: datetime) -> str:
        return f"{moment.astimezone(zone):%Y-%m-%d %H:%M:%S} {zone.key}"

    say = words.label
    yield say("title"), words.title or given.panel.name
    yield say("panel"), given.panel.name
    if words.company:
        yield say("company"), words.company
    yield say("grain"), given.panel.grain
    for name, values in given.filters.given:
        yield f"{say('filter')}: {say('filter_' + name)}", ", ".join(values)
    if not given.filters.given:
        yield say("filter"), say("no_filter")
    if given.period is not None:
        yield say("period"), " – ".join(day.isoformat() for day in given.period)
    yield say("as_of"), when(result.as_of)
    known = given.manifest.get("sources", {})
    for source in result.sources:
        at = known.get(source, {}).get("checked_at")
        yield f"{say('source')}: {source}", when(parse_iso(at)) if at else "–"
    yield say("version"), str(result.version)
    yield say("published_at"), when(parse_iso(str(given.manifest["published_at"])))
    yield say("rows"), f"{given.total:,}"
    if sheets > 1:
        yield say("sheets"), f"{sheets:,}"
    if cut:
        yield say("cut"), f"{cut:,}"
    for key, value in dict(result.notes).items():
        told = flat(value)
        if told is not None:
            yield f"{say('note')}: {key}", f"{told:.12g}" if isinstance(told, float) else str(told)
    yield say("made_at"), when(now or utc_now())


def definitions(given: Extract, words: Words) -> Iterator[Line]:
    """(name, unit, definition) of the panel's metrics."""
    for name in given.panel.metrics:
        metric = metrics()[name]
        unit = given.currency if metric.unit == "money" else metric.unit
        said = words.labels.get(f"{name}.definition", metric.definition)
        yield words.labels.get(f"{name}.name", name), unit, said


def columns(given: Extract, words: Words) -> Iterator[Line]:
    """(title, field name, unit) of every column."""
    for name, unit in zip(given.names, given.units, strict=True):
        yield words.column(name), name, unit or ""
