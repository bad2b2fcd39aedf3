"""What exports say in people's language: titles of columns, labels of the provenance, the line under a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components import format as fmt
from components.i18n import section, t
from data_access.export import Words

if TYPE_CHECKING:
    from data_access.config import Company
    from data_access.panels import Panel


def words(panel: Panel, lang: str, company: Company) -> Words:
    """For the spreadsheet of `panel`."""
    return Words(
        title=t(lang, panel.title),
        company=company.name,
        symbol=fmt.symbol(company.currency).strip(),
        columns=section(lang, "column"),
        labels=section(lang, "provenance"),
    )
