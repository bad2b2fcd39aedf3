"""Who is who: which ERP customer a CRM account is, by tax number, else by name; each must be unique on its side."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from typing import TypeVar

from tests.wall.oracle.books import Books

Key = TypeVar("Key", int, str)
Known = tuple[str, tuple[str, str] | None]  # bare name, tax number

FORMS = {
    *("gmbh", "mbh", "ag", "kg", "kgaa", "ug", "ohg", "se", "ev", "co", "company", "corp", "corporation"),
    *("ltd", "limited"),
    *("inc", "incorporated", "llc", "llp", "plc", "pte", "pty", "sa", "sas", "sasu", "sarl", "srl", "spa", "sl", "slu"),
    *("bv", "nv", "oy", "oyj", "ab", "as", "asa", "aps", "kk", "sro", "spzoo"),
    *("und", "and", "et"),
}
LETTERS = str.maketrans({"ø": "o", "ł": "l"})
CHINESE = ("股份有限公司", "有限责任公司", "有限公司")
COUNTRY = re.compile(r"(AT|BE|BG|CY|CZ|DE|DK|EE|EL|ES|FI|FR|GB|HR|HU|IE|IT|LT|LU|LV|MT|NL|PL|PT|RO|SE|SI|SK|XI)(.{7,})")


def bare_name(name: str) -> str:
    """Small letters without accents, punctuation, spaces and the legal form at the end."""
    text = unicodedata.normalize("NFKD", name.casefold().translate(LETTERS))
    text = re.sub(r"[.'’]", "", "".join(c for c in text if not unicodedata.combining(c)))
    words = re.sub(r"[\W_]+", " ", text).split()
    while len(words) > 1 and words[-1] in FORMS:
        words.pop()
    bare = "".join(words)
    for form in CHINESE:
        if bare.endswith(form) and bare != form:
            return bare.removesuffix(form)
    return bare


def bare_tax(number: str | None) -> tuple[str, str] | None:
    """(country or nothing, the rest) of a tax number."""
    text = re.sub(r"[^0-9A-Z]", "", (number or "").upper())
    if not text:
        return None
    found = COUNTRY.fullmatch(text)
    return (found[1], found[2]) if found else ("", text)


def same_tax(one: tuple[str, str] | None, other: tuple[str, str] | None) -> bool:
    """A country on one side only is no contradiction."""
    return bool(one and other and one[1] == other[1] and (not one[0] or not other[0] or one[0] == other[0]))


def accounts(books: Books) -> dict[str, int]:
    """CRM account -> ERP customer, where there is one. The tax number decides first; a name takes nobody it named."""
    ours, theirs = (
        {key: (bare_name(name), bare_tax(tax)) for key, name, tax in found}
        for found in (
            books.erp("SELECT cno, nam, taxno FROM cust WHERE coalesce(del, 0) <> 1"),
            books.crm(
                "SELECT account_id, account_name, tax_identifier FROM crm_account WHERE coalesce(deleted, 0) <> 1"
            ),
        )
    )
    by_tax, our_names = _unique(ours, _body), _unique(ours, _name)
    their_taxes, their_names = _unique(theirs, _body), _unique(theirs, _name)
    found = {
        account: by_tax[tax]
        for tax, account in their_taxes.items()
        if tax in by_tax and same_tax(ours[by_tax[tax]][1], theirs[account][1])
    }
    named = set(found.values())
    for name, account in their_names.items():
        number = our_names.get(name)
        if account in found or number is None or number in named:
            continue
        if ours[number][1] is None or theirs[account][1] is None or same_tax(ours[number][1], theirs[account][1]):
            found[account] = number
    return found


def _unique(side: dict[Key, Known], part: Callable[[Known], str | None]) -> dict[str, Key]:
    """What only one of a side has -> who."""
    count = Counter(part(each) for each in side.values())
    return {value: key for key, each in side.items() if (value := part(each)) is not None and count[value] == 1}


def _name(each: Known) -> str:
    return each[0]


def _body(each: Known) -> str | None:
    return each[1][1] if each[1] else None
