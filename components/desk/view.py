"""One look at a desk page: whose figures, in which language, narrowed by what. Links are made from it, so that a click
keeps what was chosen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from components import places
from components.i18n import has, t
from data_access.filters import LISTS, NOTHING, Filters
from data_access.panels import PANELS

if TYPE_CHECKING:
    from data_access.config import Company

Values = str | Iterable[str] | None


@dataclass(frozen=True)
class View:
    """path: the page's address; filters: what narrows it; extra: other parameters of the URL (language, sorting, ...)
    as they stand; options: filter -> [(value, label)] a person may choose from; today: the published business day;
    ids: what the path itself names, e.g. order."""

    lang: str
    company: Company
    path: str
    today: date
    filters: Filters = NOTHING
    extra: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, list[tuple[str, str]]] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    ids: Mapping[str, str] = field(default_factory=dict)

    def t(self, key: str, **values: object) -> str:
        """A text in the view's language."""
        return t(self.lang, key, **values)

    def word(self, filter_name: str, code: str | None) -> str | None:
        """A code of ours, e.g. a stage, as people call it; None where it has no word."""
        key = f"filter.value.{filter_name}.{code}"
        return self.t(key) if has(self.lang, key) else None

    def stage(self, code: str | None) -> str:
        """A deal's stage in words."""
        return self.word("stage", code) or self.t("sales.stages.unknown")

    def link(self, path: str | None = None, /, **changes: Values) -> str:
        """This view's URL with some parameters set, or removed by None; another `path` keeps what it may narrow by."""
        found: dict[str, list[str]] = {name: list(values) for name, values in self.filters.given}
        found |= {name: [value] for name, value in self.extra.items() if path is None or name == "lang"}
        for name, value in changes.items():
            values = [] if value is None else [value] if isinstance(value, str) else list(value)
            found.pop(name, None)
            if values:
                found[name] = values
        query = urlencode([(name, value) for name, values in found.items() for value in values])
        return (path or self.path) + (f"?{query}" if query else "")

    def panel_link(self, path: str, panel_filters: Iterable[str], **narrowed: str) -> str:
        """An address about one panel: with the filters it takes, and no others; `narrowed` sets more of them."""
        taken = set(panel_filters)
        given = [(name, value) for name, values in self.filters.given for value in values]
        given += list(self.ids.items())
        found = [(name, value) for name, value in given if name in taken and name not in narrowed]
        found += list(narrowed.items())
        return path + (f"?{urlencode(found)}" if found else "")

    @property
    def spoken(self) -> dict[str, str]:
        """The language, where the address says it."""
        return {name: self.extra[name] for name in ("lang",) if name in self.extra}

    def download(self, panel: str, extension: str, **narrowed: str) -> str:
        """A panel's rows as a file, as this view narrows them."""
        return self.panel_link(f"/api/v1/panels/{panel}.{extension}", PANELS[panel].filters, **narrowed)

    def customer(self, customer_id: str) -> str:
        """The page of one customer."""
        return self._spoken(places.customer(customer_id))

    def item(self, product_id: str) -> str:
        """The page of one product."""
        return self._spoken(places.item(product_id))

    def order(self, order_id: str) -> str:
        """The page of one order."""
        return self._spoken(places.order(order_id))

    def glossary(self, metric: str) -> str:
        """What a metric means."""
        return self._spoken("/glossary") + f"#{metric}"

    def _spoken(self, path: str) -> str:
        return path + (f"?lang={self.extra['lang']}" if "lang" in self.extra else "")

    def toggle(self, name: str, value: str) -> str:
        """The link that adds `value` to a list filter, or takes it away where it was chosen."""
        chosen = list(self.filters.values(name))
        kept = [one for one in chosen if one != value]
        changes: dict[str, Values] = {name: kept if value in chosen else [*chosen, value]}
        return self.link(**changes)

    def narrowed_beyond(self, panel_filters: Iterable[str]) -> list[str]:
        """The list filters in force that a panel does not take: it must say that it shows more."""
        return [name for name, _ in self.filters.given if name in LISTS and name not in set(panel_filters)]
