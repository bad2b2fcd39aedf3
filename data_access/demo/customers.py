"""The companies the demo sells to: who they are in truth, before either system spells them its own way."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

from data_access.demo import names
from data_access.demo.catalogue import COMPONENT, Flags, Floats, Ints
from data_access.identity.tax import is_valid


@dataclass(frozen=True)
class Customers:
    """Companies by index, largest first. `affinity` is companies x categories; `drift` is yearly change of buying."""

    name: list[str]
    name_zh: list[str]
    suffix: list[str]
    tax: list[str]
    country: list[str]
    region: list[str]
    city: list[str]
    city_zh: list[str]
    currency: list[str]
    segment: list[str]
    owner: list[str]
    domain: list[str]
    warehouse: Ints
    weight: Floats
    affinity: Floats
    drift: Floats
    terms: Ints  # days to pay
    punctual: Floats  # mean days paid after the due date
    in_crm: Flags
    in_erp: Flags

    @property
    def size(self) -> int:
        return len(self.name)


def make_customers(seed: int, known: int = 600, prospects: int = 60) -> Customers:
    """`known` companies that buy (about 6 % unknown to the CRM) and `prospects` only the CRM knows."""
    rng = np.random.default_rng([seed, 2])
    n = known + prospects
    english, chinese = _names(rng, n)
    foreign = [c == "" for c in chinese]
    abroad = [names.ABROAD[int(rng.integers(0, len(names.ABROAD)))] for _ in range(n)]
    home = [names.PLACES[int(rng.integers(0, len(names.PLACES)))] for _ in range(n)]
    for i, (name, zh, land) in enumerate(names.TOP_CUSTOMERS):
        english[i], chinese[i], foreign[i] = name, zh, land != "CN"
        abroad[i] = next(place for place in names.ABROAD if place[0] == land) if land != "CN" else abroad[i]
    suffix = [a[4] if f else "Co., Ltd." for a, f in zip(abroad, foreign, strict=True)]
    country = [a[0] if f else "CN" for a, f in zip(abroad, foreign, strict=True)]
    ranks = np.arange(n, dtype=np.float64)
    weight = (ranks + 2.1) ** -1.3
    drift = rng.normal(0.0, 0.09, n)
    drift[:6] = (0.05, -0.13, 0.12, -0.03, 0.2, -0.2)
    drift[[9, 14, 23]] = (-0.4, -0.35, -0.5)
    affinity = rng.gamma(0.9, 1.0, (n, COMPONENT + 1)) + 0.15
    affinity[:12] = rng.gamma(6.0, 1 / 6.0, (12, COMPONENT + 1))
    sizes = np.array([category.weekly for category in names.CATEGORIES] + [0.22])
    affinity /= (affinity * sizes).sum(axis=1, keepdims=True) / sizes.sum()
    in_crm = rng.random(n) > 0.06
    in_crm[:10] = True
    in_crm[known:] = True
    return Customers(
        name=english,
        name_zh=chinese,
        suffix=suffix,
        tax=[_tax(rng, c) for c in country],
        country=country,
        region=[a[1] if f else h[0] for a, h, f in zip(abroad, home, foreign, strict=True)],
        city=[a[2] if f else h[1] for a, h, f in zip(abroad, home, foreign, strict=True)],
        city_zh=["" if f else h[2] for h, f in zip(home, foreign, strict=True)],
        currency=[a[3] if f else "CNY" for a, f in zip(abroad, foreign, strict=True)],
        segment=[names.SEGMENTS[int(k)] for k in rng.choice(4, n, p=(0.4, 0.25, 0.2, 0.15))],
        owner=[
            names.OWNERS[7 + int(rng.integers(0, 3))] if f else names.OWNERS[int(rng.integers(0, 7))] for f in foreign
        ],
        domain=[_domain(e, c) for e, c in zip(english, country, strict=True)],
        warehouse=np.array([0 if f else h[3] for h, f in zip(home, foreign, strict=True)]),
        weight=np.where(np.arange(n) < known, weight, 0.0) / weight[:known].sum(),
        affinity=affinity,
        drift=drift,
        terms=rng.choice([15, 30, 30, 45, 60], n),
        punctual=rng.choice([-3.0, 0.0, 3.0, 8.0], n, p=(0.35, 0.38, 0.21, 0.06)),
        in_crm=in_crm,
        in_erp=np.arange(n) < known,
    )


def _names(rng: np.random.Generator, n: int) -> tuple[list[str], list[str]]:
    """Distinct company names; about 72 % Chinese (with a Chinese name), the rest foreign ("")."""
    stems = [pair.split(" ") for pair in names.STEMS.split("|")]
    fields = [pair.split(" ") for pair in names.FIELDS.split("|")]
    home = [(f"{s[0]} {f[0]}", s[1] + f[1]) for s in stems for f in fields]
    away = [(f"{s} {f[0]}", "") for s in names.FOREIGN.split() for f in fields]
    taken = {name for name, _, _ in names.TOP_CUSTOMERS}
    home = [home[int(i)] for i in rng.permutation(len(home)) if home[int(i)][0] not in taken]
    away = [away[int(i)] for i in rng.permutation(len(away)) if away[int(i)][0] not in taken]
    chinese = rng.random(n) < 0.72
    chosen = [home.pop() if c and home else (away.pop() if away else home.pop()) for c in chinese]
    return [e for e, _ in chosen], [c for _, c in chosen]


def _tax(rng: np.random.Generator, country: str) -> str:
    """A number as the country writes it, its check digits right."""
    d = "".join(str(digit) for digit in rng.integers(0, 10, 18))
    body, prefix = {
        "CN": (f"91{d[1:7]}MA{d[7:14]}?", ""),
        "DE": (f"1{d[1:8]}?", "DE"),
        "FR": (f"??{d[2:10]}?", "FR"),
        "IT": (f"{d[:10]}?", "IT"),
        "US": (d[:9], ""),
        "JP": (f"?{d[:12]}", "T"),
        "KR": (f"{d[:9]}?", ""),
        "VN": (f"0{d[1:9]}?", ""),
    }[country]
    endings = product("0123456789ABCDEFGHJKLMNPQRTUWXY" if country == "CN" else "0123456789", repeat=body.count("?"))
    filled = (body.replace("?", "{}").format(*ending) for ending in endings)
    return prefix + next((number for number in filled if is_valid(number, country)), body.replace("?", "0"))


def _domain(name: str, country: str) -> str:
    stem = "".join(c for c in name.lower() if c.isalnum())
    return f"{stem}.{'com' if country in ('CN', 'US') else country.lower()}"
