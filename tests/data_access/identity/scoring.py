"""Links against a known truth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

Key = tuple[str, str]


@dataclass(frozen=True)
class Score:
    """Rule -> right and wrong links; `wrong` names those; `missed`: linked in truth, on their own in fact."""

    right: Counter[str]
    wrong: dict[Key, str]
    missed: list[Key]

    @property
    def precision(self) -> float:
        hits = self.right.total()
        return hits / max(hits + len(self.wrong), 1)

    @property
    def recall(self) -> float:
        hits = self.right.total()
        return hits / max(hits + len(self.wrong) + len(self.missed), 1)

    def __str__(self) -> str:
        rules = ", ".join(f"{rule} {count}" for rule, count in self.right.most_common())
        told = f"precision {self.precision:.4f}, recall {self.recall:.4f} ({rules})"
        return told + (f"; wrong: {self.wrong}" if self.wrong else "") + f"; missed: {len(self.missed)}"


def score(links: Mapping[Key, tuple[str, str]], truth: Mapping[Key, str]) -> Score:
    """`links`: record -> (customer, rule), a customer being `source:id` of one of its records; `truth`: record -> the
    company that it is. Every record that took another's id is judged; one on its own is missed where its company has
    a record with an id of its own besides."""
    found = Score(Counter(), {}, [])
    of = {f"{source}:{own}": company for (source, own), company in truth.items()}
    heads = Counter(truth[key] for key, (_, rule) in links.items() if rule == "self" and key in truth)
    heads_left = Counter(heads)
    for key, (customer, rule) in links.items():
        if key not in truth or customer not in of:
            continue
        if rule != "self" and of[customer] == truth[key]:
            found.right[rule] += 1
        elif rule != "self":
            found.wrong[key] = customer
        elif heads[truth[key]] > 1:
            heads_left[truth[key]] -= 1
            if heads_left[truth[key]]:
                found.missed.append(key)
    return found
