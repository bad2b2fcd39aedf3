"""The plan figures of [company] targets: a CSV of metric, period_start, value."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from data_access.connectors.profile import suggest
from data_access.errors import ConfigError
from data_access.metrics import metrics
from data_access.sync.csvfile import text_of

SHOWN = 3  # of what is told in one line


@dataclass(frozen=True)
class Target:
    """One line of the file; `period`: the first day it is for."""

    line: int
    metric: str
    period: date
    value: Decimal


def read(path: Path) -> list[Target]:
    """Every line; ConfigError names the file and the first line that cannot be read."""
    found = []
    rows = csv.DictReader(text_of(path, "targets", "[company] targets").splitlines())
    for line, row in enumerate(rows, start=2):
        try:
            value = Decimal(row["value"]).quantize(Decimal("0.0001"))
            found.append(Target(line, row["metric"], date.fromisoformat(row["period_start"]), value))
        except (KeyError, ValueError, TypeError, ArithmeticError) as error:
            hint = "columns are metric,period_start,value with dates like 2026-01-01 and plain numbers"
            raise ConfigError(f"{path.name}: line {line} cannot be read", hint) from error
    return found


def figures(lines: Sequence[Target]) -> list[tuple[str, date, str]]:
    """(metric, period, value) once each: of several lines for one the last counts."""
    last = {(each.metric, each.period): each.value for each in lines}
    return [(metric, period, str(value)) for (metric, period), value in last.items()]


def doubts(path: Path, lines: Sequence[Target]) -> list[str]:
    """What is likely a mistake, a sentence a kind: metrics that do not exist, figures that are given more than once."""
    named, given = defaultdict[str, list[int]](list), defaultdict[tuple[str, date], list[int]](list)
    for each in lines:
        given[each.metric, each.period].append(each.line)
        if each.metric not in metrics():
            named[each.metric].append(each.line)
    unknown = [f'"{metric}" ({_lines(where)}; {suggest(metric, metrics())})' for metric, where in named.items()]
    twice = [f"{metric} of {day} ({_lines(where)})" for (metric, day), where in given.items() if len(where) > 1]
    found = []
    if unknown:
        found.append(f"{path.name}: nothing reads the metric {_few(unknown)}")
    if twice:
        found.append(f"{path.name}: given more than once, the last counts: {_few(twice)}")
    return found


def _lines(where: Sequence[int]) -> str:
    return ("line " if len(where) == 1 else "lines ") + _few([str(line) for line in where])


def _few(texts: Sequence[str]) -> str:
    return ", ".join(texts[:SHOWN]) + (f" and {len(texts) - SHOWN} more" if len(texts) > SHOWN else "")
