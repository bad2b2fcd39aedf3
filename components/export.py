"""What exports say in people's language: titles of columns, labels of the provenance, the line under a picture."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from components import format as fmt
from components.i18n import has, section, t
from data_access.export import Words

if TYPE_CHECKING:
    from components.desk.view import View
    from data_access.config import Company
    from data_access.panels import Panel
    from data_access.result import Result


@cache
def column_titles() -> dict[str, dict[str, str]]:
    """Language -> {name of a column: its title}."""
    return tomllib.loads(Path(__file__).with_name("i18n").joinpath("columns.toml").read_text(encoding="utf-8"))


def words(panel: Panel, lang: str, company: Company) -> Words:
    """For the spreadsheet of `panel`."""
    filters = {f"filter_{name}": text for name, text in section(lang, "filter").items()}
    return Words(
        title=t(lang, panel.title),
        company=company.name,
        symbol=fmt.symbol(company.currency).strip(),
        columns=column_titles()[lang],
        labels=filters | section(lang, "metric") | section(lang, "provenance"),
    )


def narrowed(view: View, names: tuple[str, ...] | None = None) -> list[str]:
    """The filters in force in words, 'Region: East, South'; `names`: only those a panel takes."""
    told = []
    if names is None or "period" in names:
        first, last = (fmt.full_date(day, view.lang) for day in view.filters.days(view.today))
        told.append(f"{first} – {last}")
    for name, values in view.filters.given:
        if name == "period" or names is not None and name not in names:
            continue
        labels = dict(view.options.get(name, []))
        key = f"filter.{name}"
        label = view.t(key) if has(view.lang, key) else view.t(f"provenance.filter_{name}")
        told.append(view.t("filter.chosen", name=label, values=", ".join(labels.get(value, value) for value in values)))
    return told


def caption(view: View, results: Iterable[Result], filters: tuple[str, ...] | None = None) -> str:
    """The line beside a picture or report: what narrows it (of `filters`, where a panel takes only some), how old its
    figures are, where they come from, whose they are."""
    found = list(results)
    sources = sorted({name for result in found for name in result.sources})
    facts = []
    if found:
        oldest = min(result.as_of for result in found)
        facts = [
            view.t("export.as_of", time=fmt.moment(oldest, view.lang, view.company.timezone)),
            view.t("export.sources", names=", ".join(sources)),
            view.t("export.version", n=found[0].version),
        ]
    return " · ".join([*narrowed(view, filters), *facts, view.company.name])
