"""What a company's name is made of: its core, legal form, places, numbers, and whether it is a part of a company."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

from data_access.identity.words import words
from data_access.names import legal_forms

_CJK = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af]")
_SILENT = frozenset(("co", "company"))


@dataclass(frozen=True)
class Name:
    """core: the words without form and noise, in one piece; stem: core without places; tokens: the stem's words."""

    core: str = ""
    stem: str = ""
    tokens: tuple[str, ...] = ()
    form: str = ""
    places: tuple[str, ...] = ()
    numbers: str = ""
    is_branch: bool = False

    @property
    def script(self) -> str:
        """What it can be compared with: "cjk" (characters), "latin" (all other letters), "" for an empty name."""
        return "" if not self.core else "cjk" if _CJK.search(self.core) else "latin"


def parse(text: str, places: Collection[str] = ()) -> Name:
    """`text`: a name as the macro name_words writes it; `places`: places besides those in words.toml."""
    known = words()
    parts = text.split()
    plain = [part for part in parts if part not in known.noise and part not in known.branch]
    rest, is_branch = _without_marks(" ".join(plain))
    is_branch = is_branch or any(part in known.branch for part in parts)
    rest, behind = _split_place_behind(rest or text, places)
    base, form = _split_form(rest)
    tokens, found = _split_places(f"{base} {behind}".strip(), places)
    stem = "".join(tokens)
    numbers = " ".join(re.findall(r"\d+", base))
    return Name((base + behind).replace(" ", ""), stem, tuple(tokens), form, tuple(sorted(found)), numbers, is_branch)


def _without_marks(text: str) -> tuple[str, bool]:
    """Marks of branches and noise that stand in Chinese without a space."""
    found = False
    if _CJK.search(text):
        for mark in _marks():
            if mark in text:
                text, found = text.replace(mark, ""), found or mark in words().branch
    return text.strip(), found


@cache
def _marks() -> tuple[str, ...]:
    return tuple(sorted(each for each in words().noise | words().branch if _CJK.search(each)))


def _split_place_behind(text: str, places: Collection[str]) -> tuple[str, str]:
    """(the name, the place behind its legal form): Acme Ltd (Leeds)."""
    head, _, last = text.rpartition(" ")
    is_place = last in words().place or last in places
    return (head, last) if head and is_place and _split_form(head)[1] else (text, "")


def _split_form(text: str) -> tuple[str, str]:
    """(the name without its legal form, the group of that form); a name that is nothing but a form stays."""
    tail, ending = _forms()
    base, found = text, list[str]()
    match = tail.search(base)
    if match and match.start():
        base, found = base[: match.start()], match.group().split()
    match = ending.search(base)
    if match and match.start():
        base, found = base[: match.start()].rstrip(), [*found, match.group().strip()]
    joining = legal_forms().joining
    kinds = {words().forms.get(form, form) for form in found if form not in joining and form not in _SILENT}
    return base, " ".join(sorted(kinds))


@cache
def _forms() -> tuple[re.Pattern[str], re.Pattern[str]]:
    forms = legal_forms()
    return re.compile(f"( ({'|'.join((*forms.words, *forms.joining))}))+$"), re.compile(
        f" ?({'|'.join(forms.endings)})$"
    )


def _split_places(text: str, places: Collection[str]) -> tuple[list[str], set[str]]:
    """(words that are no places, the places). A Chinese place is split off the front of a word."""
    known, kept, found = words().place, list[str](), set[str]()
    for token in text.split():
        sizes = (4, 3, 2) if _CJK.match(token) else ()
        head = next((token[:size] for size in sizes if token[:size] in known), token)
        if head in known or head in places:
            found.add(known.get(head, head))
            token = token[len(head) :].removeprefix("市")
        if token:
            kept.append(token)
    return kept or text.split(), found
