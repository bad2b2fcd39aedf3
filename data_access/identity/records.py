"""The records identity compares, as arrays: one place a record, the same order in all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from data_access.identity.blocking import Ints, Texts, codes
from data_access.identity.names import Name, parse
from data_access.identity.tax import is_valid
from data_access.identity.words import words

Flags = npt.NDArray[np.bool_]
SHARED_BY = 12  # a domain or number that more records have is a portal's or a switchboard's
SHORTEST_PLACE = 3


@dataclass(frozen=True)
class Many:
    """Values of which a record may have several: `key[k]` is one of `record[k]`."""

    record: Ints
    key: Ints

    def known(self, n: int) -> Flags:
        found = np.zeros(n, dtype=bool)
        found[self.record] = True
        return found


@dataclass(frozen=True)
class Records:
    """Texts are "" where not known. `source` numbers the sources, in the order of their names."""

    source: Ints
    names: list[Name]
    core: Texts
    stem: Texts
    script: Texts
    form: Texts
    numbers: Texts
    is_branch: Flags
    tax: Texts
    tax_country: Texts
    tax_valid: Flags
    country: Texts
    region: Texts
    city: Texts
    domain: Many
    phone: Many
    called: Many  # the stem, and what stands before the first dot of its domains

    @property
    def n(self) -> int:
        return len(self.source)


COLUMNS = ("source", "words", "tax_key", "tax_country", "country", "region", "city", "domains", "phones")


def prepare(given: Mapping[str, Any]) -> Records:
    """`given`: columns of core.identity_record, as arrays of text."""
    known = words()
    column: dict[str, list[str]] = {name: given[name].tolist() for name in COLUMNS}
    country = _text([known.country.get(text, text if len(text) == 2 else "") for text in column["country"]])
    city = _text([known.place.get(text, text) for text in column["city"]])
    region = _text([known.place.get(text, text) for text in column["region"]])
    places = {text for text in set(city) | set(region) if len(text) >= SHORTEST_PLACE and text.isalpha()}
    texts = column["words"]
    parsed = {text: parse(text, places) for text in set(texts)}
    names = [parsed[text] for text in texts]
    tax = _text(column["tax_key"])
    prefix = _text(column["tax_country"])
    of_country = np.where(prefix != "", prefix, [text.upper() for text in country])
    domains = [[each for each in text.split() if each not in known.free_mail] for text in column["domains"]]
    called = [
        [name.stem, *(each.partition(".")[0].replace("-", "") for each in some)]
        for name, some in zip(names, domains, strict=True)
    ]
    return Records(
        source=codes(_text(column["source"])),
        names=names,
        core=_text([name.core for name in names]),
        stem=_text([name.stem for name in names]),
        script=_text([name.script for name in names]),
        form=_text([name.form for name in names]),
        numbers=_text([name.numbers for name in names]),
        is_branch=np.array([name.is_branch for name in names], dtype=bool),
        tax=tax,
        tax_country=prefix,
        tax_valid=np.array([bool(t) and is_valid(t, c) for t, c in zip(tax, of_country, strict=True)], dtype=bool),
        country=country,
        region=region,
        city=city,
        domain=_many(domains),
        phone=_many([text.split() for text in column["phones"]]),
        called=_many(called),
    )


def _text(values: list[str]) -> Texts:
    found = np.empty(len(values), dtype=object)
    found[:] = values
    return found


def _many(values: list[list[str]]) -> Many:
    """Without the values that more than SHARED_BY records have."""
    record = np.repeat(np.arange(len(values)), [len(each) for each in values])
    key = codes(_text([each for some in values for each in some]))
    record, key = record[key >= 0], key[key >= 0]
    keep = np.bincount(key, minlength=1)[key] <= SHARED_BY
    return Many(record[keep].astype(np.int64), key[keep])
