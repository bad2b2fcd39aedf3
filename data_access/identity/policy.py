"""Which pairs are one customer without asking, which are worth asking about, and why they are not certain."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from data_access.identity.blocking import Ints, codes
from data_access.identity.compare import CITY, COUNTRY, DIFFERS, DOMAIN, EXACT, FIELDS, FORM, PHONE, SAME, TAX, Pairs
from data_access.identity.mixture import Floats, learn
from data_access.identity.records import Flags, Records
from data_access.identity.texts import UNKNOWN

RULES = ("tax_id", "domain_name", "phone_name", "exact_name", "score")  # the strongest first
CONFIDENCE = {"tax_id": 0.99, "domain_name": 0.98, "phone_name": 0.97, "exact_name": 0.95}
CERTAIN, DOUBTFUL = 0.99, 0.3
# Why a pair is not certain, the gravest first.
REASONS = ("tax_differs", "branch", "place", "form_differs", "country_differs", "numbers", "site", "not_unique",
           "taken", "one_sided", "name_differs", "low_score")  # fmt: skip
Codes = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Judged:
    """Per pair: the rule that makes it certain or "", how sure that is, and why it is not certain or ""."""

    rule: Codes
    confidence: Floats
    probability: Floats
    reason: Codes


def judge(records: Records, pairs: Pairs) -> Judged:
    """Every pair against the rules, the strongest first; a contradiction stops all rules but the tax number's."""
    name, tax, domain, phone = (pairs.level(k) for k in (0, TAX, DOMAIN, PHONE))
    exact = name == EXACT
    one_source = records.source[pairs.left] == records.source[pairs.right]
    probability = learn(pairs.levels, FIELDS).probability(pairs.levels)
    support = (domain == SAME) | (phone == SAME)
    by_tax = _by_tax(records, pairs, support | (name >= 2))
    reason = np.select(
        [
            tax == DIFFERS, records.is_branch[pairs.left] != records.is_branch[pairs.right], pairs.places,
            pairs.level(FORM) == DIFFERS, pairs.level(COUNTRY) == DIFFERS, pairs.numbers,
            one_source & (pairs.level(CITY) == DIFFERS),
        ],
        REASONS[:7], "",
    ).astype(object)  # fmt: skip
    free = reason == ""
    by_domain = free & exact & (domain == SAME)
    by_phone = free & exact & (phone == SAME)
    strong = by_tax | by_domain | by_phone
    only_name = free & exact & ~strong & ~one_source & (domain != DIFFERS) & _no_other_place(pairs)
    by_name = only_name & _unique(records, pairs, strong | ((tax == SAME) & ~one_source))
    linked = strong | by_name
    alike = (name >= 2) | ((name == UNKNOWN) & _two_of(domain, phone, pairs.level(CITY)))
    sure = free & ~one_source & (probability >= CERTAIN) & (support | (tax == SAME)) & alike & ~linked
    by_score = _best(records, pairs, probability, sure & ~_taken(records, pairs, linked), linked)
    rule = np.select([by_tax, by_domain, by_phone, by_name, by_score], RULES, "").astype(object)
    fixed = np.array([CONFIDENCE.get(each, np.nan) for each in rule], dtype=float)
    reason = np.where(rule != "", "", np.select(
        [reason != "", only_name, sure, exact & one_source, exact & ~support, ~alike & (probability >= CERTAIN)],
        [reason, "not_unique", "taken", "not_unique", "one_sided", "name_differs"], "low_score",
    )).astype(object)  # fmt: skip
    return Judged(rule, np.where(np.isnan(fixed), probability, fixed), probability, reason)


def _by_tax(records: Records, pairs: Pairs, support: Flags) -> Flags:
    """The same number: enough by itself where it is valid, else with a name, domain or phone that agrees.

    A number that two records of one source have, without anything else in common, names nobody.
    """
    same = pairs.level(TAX) == SAME
    one_source = records.source[pairs.left] == records.source[pairs.right]
    number = codes(records.tax)[pairs.left]
    doubtful = np.unique(number[same & one_source & ~support])
    trusted = same & (support | (records.tax_valid[pairs.left] & ~one_source))
    return np.asarray(trusted & ~np.isin(number, doubtful))


def _two_of(*fields: npt.NDArray[np.int8]) -> Flags:
    """Whether two fields agree at least."""
    return np.asarray(sum((field == SAME).astype(int) for field in fields) >= 2)


def _no_other_place(pairs: Pairs) -> Flags:
    """The cities agree, or are not known on one side; the phone does not have to: switchboards and mobiles differ."""
    return np.asarray(pairs.level(CITY) != DIFFERS)


def _unique(records: Records, pairs: Pairs, strong: Flags) -> Flags:
    """Whether nobody else in either source has the name, and neither record is linked to the other's source already."""
    stem = codes(records.stem)
    named = stem >= 0
    key = np.where(named, records.source * (stem.max(initial=0) + 1) + stem, 0)
    bearers = np.where(named, np.bincount(key[named], minlength=int(key.max(initial=0)) + 1)[key], 0)
    alone = (bearers[pairs.left] == 1) & (bearers[pairs.right] == 1)
    return np.asarray(alone & ~_taken(records, pairs, strong))


def _taken(records: Records, pairs: Pairs, linked: Flags) -> Flags:
    """Whether one of the two is linked to a record of the other's source already, also by way of others."""
    sources = int(records.source.max(initial=0)) + 1
    group = _groups(records.n, pairs, linked)
    present = np.unique(group * sources + records.source)
    left, right = group[pairs.left], group[pairs.right]
    taken = np.isin(left * sources + records.source[pairs.right], present)
    return np.asarray((taken | np.isin(right * sources + records.source[pairs.left], present)) & (left != right))


def _best(records: Records, pairs: Pairs, probability: Floats, among: Flags, linked: Flags) -> Flags:
    """Whether the pair is the only one that is certain, for both, towards the other's source. Records that are linked
    already count as one."""
    at = np.flatnonzero(among)
    group = _groups(records.n, pairs, linked)
    sources = int(records.source.max(initial=0)) + 1
    one, other = group[pairs.left[at]], group[pairs.right[at]]
    low, high = np.minimum(one, other), np.maximum(one, other)
    order = np.lexsort((-probability[at], high, low))
    fresh = np.ones(len(at), dtype=bool)
    fresh[1:] = (np.diff(low[order]) != 0) | (np.diff(high[order]) != 0)
    best = order[fresh]  # the most probable pair of every two groups
    towards = one[best] * sources + records.source[pairs.right[at[best]]]
    back = other[best] * sources + records.source[pairs.left[at[best]]]
    p = probability[at[best]]
    found = np.zeros(len(among), dtype=bool)
    found[at[best]] = _single(towards, p) & _single(back, p)
    return found


def _groups(n: int, pairs: Pairs, linked: Flags) -> Ints:
    """The least record of those that each is linked to, directly or by way of others."""
    label = np.arange(n)
    left, right = pairs.left[linked], pairs.right[linked]
    while True:
        least = np.minimum(label[left], label[right])
        before = label.copy()
        np.minimum.at(label, left, least)
        np.minimum.at(label, right, least)
        if (before == label).all():
            return label


def _single(key: Ints, probability: Floats) -> Flags:
    """Whether nobody else with the key is as probable."""
    order = np.lexsort((-probability, key))
    key_sorted, p = key[order], probability[order]
    first = np.ones(len(key), dtype=bool)
    first[1:] = key_sorted[1:] != key_sorted[:-1]
    tied = np.zeros(len(key), dtype=bool)
    tied[:-1] = (key_sorted[1:] == key_sorted[:-1]) & (p[1:] == p[:-1])
    found = np.zeros(len(key), dtype=bool)
    found[order] = first & ~tied
    return found
