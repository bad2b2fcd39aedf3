"""What is wrong in real systems: other spellings, doubles, missing numbers, stamps out of order."""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt

from data_access.demo.catalogue import Flags, Ints
from data_access.demo.customers import Customers
from data_access.demo.days import NEVER

ZH_SUFFIX = ("有限公司", "有限责任公司", "股份有限公司", "")
EN_SUFFIX = {
    "Co., Ltd.": ("Co., Ltd.", "Co.,Ltd", "CO., LTD.", "Co Ltd", "Company Limited", ""),
    "GmbH": ("GmbH", "Gmbh", "GMBH", ""),
    "GmbH & Co. KG": ("GmbH & Co. KG", "GmbH + Co KG", "GmbH und Co. KG"),
    "Inc.": ("Inc.", "Inc", ", Inc.", "Incorporated"),
    "LLC": ("LLC", "L.L.C.", ", LLC"),
    "SAS": ("SAS", "S.A.S."),
    "S.p.A.": ("S.p.A.", "SpA", "S.P.A."),
    "K.K.": ("K.K.", "KK", "Co., Ltd."),
}
UNKNOWN_SKUS = ("SD-9999", "PP-OLD-50", "GM-60X", "VL-TEST", "CT-PC6", "SPARE-MISC", "AC-4OO", "sd 400")
KEEP_TAX = 0.75


def erp_name(customers: Customers, i: int) -> str:
    """The ERP writes the full legal name in English."""
    return f"{customers.name[i]} {customers.suffix[i]}".replace(" ,", ",")


def erp_name_zh(customers: Customers, i: int) -> str:
    zh = customers.name_zh[i]
    return f"{customers.city_zh[i]}{zh}有限公司" if zh else erp_name(customers, i)


def crm_name(rng: np.random.Generator, customers: Customers, i: int) -> str:
    """Salespeople write what they like: Chinese or English, with or without legal form, capitals, a typing error."""
    zh, roll = customers.name_zh[i], rng.random()
    if zh and roll < 0.34:
        place = customers.city_zh[i] if rng.random() < 0.5 else ""
        return f"{place}{zh}{ZH_SUFFIX[int(rng.integers(0, 4))]}"
    suffixes = EN_SUFFIX[customers.suffix[i]]
    suffix = suffixes[int(rng.integers(0, len(suffixes)))]
    name = f"{customers.name[i]} {suffix}".replace(" ,", ",").strip()
    if roll > 0.93:
        return name.upper()
    if roll > 0.88:
        return typing_error(rng, customers.name[i]) + (f" {suffix}" if suffix else "")
    if roll > 0.84:
        return name.replace(" ", "  ", 1)
    if roll > 0.80:
        return f"{name} ({customers.city[i]})"
    if roll > 0.77:
        return customers.name[i].replace(" ", "-")
    return name


def typing_error(rng: np.random.Generator, name: str) -> str:
    """Two neighbouring letters swapped or one dropped, never the first."""
    at = int(rng.integers(2, max(3, len(name) - 2)))
    return name[:at] + name[at + 1] + name[at] + name[at + 2 :] if rng.random() < 0.6 else name[:at] + name[at + 1 :]


def written_tax(rng: np.random.Generator, tax: str) -> str | None:
    """None for about a quarter; the others plain, spaced, dashed or in small letters."""
    if rng.random() > KEEP_TAX:
        return None
    roll = rng.random()
    if roll < 0.12:
        return " ".join(re.findall(".{1,4}", tax))
    if roll < 0.2:
        return f"{tax[:2]}-{tax[2:]}"
    if roll < 0.28:
        return tax.lower()
    return f" {tax}" if roll < 0.32 else tax


def spoil_stamps(
    rng: np.random.Generator, stamps: npt.NDArray[np.datetime64], share: float = 0.002
) -> npt.NDArray[np.datetime64]:
    """Some rows carry a change stamp some hours too old (written late by another clock), a few none at all."""
    roll = rng.random(len(stamps))
    hours = rng.integers(1, 72, len(stamps)).astype("timedelta64[h]")
    spoiled = np.where(roll < share, stamps - hours, stamps)
    return np.where(roll > 1 - share / 4, np.datetime64("NaT"), spoiled)


def gapped(rng: np.random.Generator, size: int, first: int = 1, share: float = 0.004) -> Ints:
    """Keys with the gaps that deleted rows leave."""
    steps = np.where(rng.random(size) < share, rng.integers(2, 5, size), 1)
    return np.asarray(first - 1 + np.cumsum(steps), dtype=np.int64)


def known(days: Ints) -> Flags:
    return days > NEVER
