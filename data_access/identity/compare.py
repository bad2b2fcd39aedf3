"""Pairs of records, field by field: what agrees, what contradicts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data_access.identity.blocking import Ints, Texts, codes, neighbours, sharing, union, within
from data_access.identity.mixture import Field, Floats, Levels
from data_access.identity.records import Flags, Many, Records
from data_access.identity.texts import UNKNOWN, similarity

NEAR, ALIKE = 90.0, 75.0  # of 100: a typing error apart; words in common
DIFFERS, SAME = 0, 1
EXACT = 3  # level of a name: 0 differs, 1 alike, 2 near, 3 exact
FEW, SOME = 12, 40  # records that may share a key of evidence, and a key that only suggests
WINDOW, PART = 3, 5  # neighbours; letters of a name that a place makes a key
FIELDS = (
    Field("name", (0.05, 0.05, 0.15, 0.75), (0.80, 0.15, 0.03, 0.02)),
    Field("tax", (0.03, 0.97), (0.995, 0.005)),
    Field("domain", (0.10, 0.90), (0.98, 0.02)),
    Field("phone", (0.30, 0.70), (0.98, 0.02)),
    Field("country", (0.02, 0.98), (0.50, 0.50)),
    Field("city", (0.15, 0.85), (0.70, 0.30)),
    Field("form", (0.10, 0.90), (0.50, 0.50)),
)
TAX, DOMAIN, PHONE, COUNTRY, CITY, FORM = range(1, len(FIELDS))


@dataclass(frozen=True)
class Pairs:
    """`levels`: pairs x FIELDS; `similarity`: of the names, 0 to 100, NaN where they cannot be compared; `places`:
    whether a place in the names speaks against them, `numbers`: whether a number does."""

    left: Ints
    right: Ints
    levels: Levels
    similarity: Floats
    places: Flags
    numbers: Flags

    def level(self, field: int) -> np.typing.NDArray[np.int8]:
        return np.asarray(self.levels[:, field])


def candidates(records: Records) -> tuple[Ints, Ints]:
    """(first, second) of each pair worth a look."""
    n, every = records.n, np.arange(records.n)
    place = np.where(records.city != "", records.city, records.region)
    head = _here([stem[:PART] for stem in records.stem], place)
    tail = _here([stem[-PART:] for stem in records.stem], place)
    token = np.array([word for name in records.names for word in name.tokens], dtype=object)
    owner = np.repeat(every, [len(name.tokens) for name in records.names])
    found = union(
        sharing(every, codes(records.tax), n, FEW),
        sharing(records.domain.record, records.domain.key, n, FEW),
        sharing(records.phone.record, records.phone.key, n, FEW),
        sharing(records.called.record, records.called.key, n, FEW),
        sharing(every, codes(records.core), n, SOME),
        sharing(every, codes(records.stem), n, SOME),
        sharing(every, codes(head), n, SOME),
        sharing(every, codes(tail), n, SOME),
        sharing(owner, codes(token), n, FEW) if len(token) else np.zeros(0, dtype=np.int64),
        neighbours(records.stem, n, WINDOW),
        neighbours(np.array([stem[::-1] for stem in records.stem], dtype=object), n, WINDOW),
    )
    return found // n, found % n


def _here(parts: list[str], place: Texts) -> Texts:
    """Part of a name and the place; nothing where either is not known."""
    return _strings([f"{part}|{here}" if part and here else "" for part, here in zip(parts, place, strict=True)])


def compare(records: Records, left: Ints, right: Ints) -> Pairs:
    """Every field of every pair. A domain that is called as the other's name stands in for a name in another script."""
    alike = _similarity(records, left, right)
    called = np.isnan(alike) & (_shared(records.called, left, right, records.n) == SAME)
    exact, against = _names(records, left, right)
    numbers = (records.numbers[left] != records.numbers[right]) & ~exact
    name = np.select([called, np.isnan(alike), exact, alike >= NEAR, alike >= ALIKE], [2, UNKNOWN, EXACT, 2, 1], 0)
    name = np.where((name > 0) & numbers, 0, name)
    tax = _same(records.tax, left, right)
    prefixes = _same(records.tax_country, left, right)
    tax = np.where((tax == SAME) & (prefixes == DIFFERS), DIFFERS, tax)
    city, latin = _same(records.city, left, right), _is_latin(records.city)
    city = np.where((city == DIFFERS) & (latin[left] != latin[right]), UNKNOWN, city)
    levels = np.column_stack([
        name, tax, _shared(records.domain, left, right, records.n), _shared(records.phone, left, right, records.n),
        _same(records.country, left, right), city, _same(records.form, left, right),
    ]).astype(np.int8)  # fmt: skip
    return Pairs(left, right, levels, alike, against, numbers & (name == 0) & (alike >= ALIKE))


def _same(values: Texts, left: Ints, right: Ints) -> Levels:
    one = codes(values)
    known = (one[left] >= 0) & (one[right] >= 0)
    return np.where(known, (one[left] == one[right]).astype(np.int8), np.int8(UNKNOWN))


def _shared(many: Many, left: Ints, right: Ints, n: int) -> Levels:
    """Whether the two have a value in common."""
    known = many.known(n)
    agree = within(left * n + right, sharing(many.record, many.key, n, FEW))
    return np.where(known[left] & known[right], agree.astype(np.int8), np.int8(UNKNOWN))


def _similarity(records: Records, left: Ints, right: Ints) -> Floats:
    """Of the stems; NaN for names in different scripts."""
    comparable = records.script[left] == records.script[right]
    return similarity(np.where(comparable, records.stem[left], ""), np.where(comparable, records.stem[right], ""))


def _names(records: Records, left: Ints, right: Ints) -> tuple[Flags, Flags]:
    """(the names are the same, a place in them says that they are not the same company).

    A city that only one name has must be where the other is: then it changes nothing, else it speaks against.
    """
    places = _strings([" ".join(name.places) for name in records.names])
    cities = set(records.city) - {""}
    one, other = places[left], places[right]
    at_home, against = one == other, np.zeros(len(left), dtype=bool)
    for k in np.flatnonzero(~at_home).tolist():
        named, theirs = set(one[k].split()), set(other[k].split())
        bare = right[k] if not theirs else left[k]
        where = {records.city[bare], records.region[bare]} - {""}
        if named and theirs:
            at_home[k], against[k] = bool(named & theirs), named.isdisjoint(theirs)
        else:
            at_home[k] = not where.isdisjoint(named | theirs)
            latin_city = records.city[bare] != "" and records.city[bare].isascii()
            against[k] = not at_home[k] and latin_city and not cities.isdisjoint(named | theirs)
    same = (records.stem[left] == records.stem[right]) & (records.stem[left] != "")
    return same & at_home, against


def _is_latin(values: Texts) -> Flags:
    return np.array([text.isascii() for text in values], dtype=bool)


def _strings(values: list[str]) -> Texts:
    found = np.empty(len(values), dtype=object)
    found[:] = values
    return found
