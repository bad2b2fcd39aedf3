"""`python -m tests.bench.identity [--companies N]`: N companies in an ERP and N in a CRM, two thirds of them the same,
spelled as people do. Prints time, pairs, precision and recall of the automatic links. Nothing is asserted."""

from __future__ import annotations

import argparse
import time

import numpy as np
import pandas as pd

from data_access.identity import links, pairs_step
from data_access.identity.clusters import Edge, resolve
from data_access.identity.compare import candidates, compare
from data_access.identity.policy import RULES, judge
from data_access.identity.records import prepare

SAME, KEEP_TAX, KEEP_DOMAIN, KEEP_PHONE = 2 / 3, 0.5, 0.7, 0.6
SYLLABLES = [
    "al",
    "an",
    "bar",
    "bel",
    "cor",
    "dan",
    "del",
    "dor",
    "el",
    "fen",
    "fir",
    "gal",
    "gar",
    "hal",
    "har",
    "in",
    "jor",
    "kal",
    "ken",
    "lan",
    "lor",
    "mar",
    "mel",
    "mor",
    "nav",
    "nor",
    "ol",
    "or",
    "pal",
    "per",
    "quin",
    "ral",
    "ros",
    "sal",
    "ser",
    "tal",
    "tor",
    "ul",
    "val",
    "ven",
    "vor",
    "wal",
    "wen",
    "xan",
    "yor",
    "zan",
    "zel",
]  # noqa: E501
FIELDS = [
    "tools",
    "foods",
    "machinery",
    "trading",
    "electric",
    "logistics",
    "robotics",
    "supply",
    "textiles",
    "automation",
    "chemicals",
    "packaging",
]
FORMS = ("gmbh", "ag", "ltd", "inc", "sas", "srl", "")
CITIES = [f"{a}{b}ton" for a in SYLLABLES[:12] for b in SYLLABLES[12:28]]
HANZI = "华信恒达金源新宇嘉禾东方瑞丰中科天成鸿图博远盛泰云禾富康安泰永兴宏伟明德光明力源"
TRADES = ("机械", "贸易", "电子科技", "五金工具", "自动化设备", "食品", "物流", "化工")


def company(size: int, seed: int = 7) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(rows of core.identity_record, ordered; the same with column `of`: which company it is)."""
    rng = np.random.default_rng(seed)
    both, total = int(size * SAME), size + (size - int(size * SAME))
    frames = [_spelled(rng, np.arange(size), "erp"), _spelled(rng, np.r_[0:both, size:total], "crm")]
    rows = pd.concat(frames, ignore_index=True).sort_values(["source", "source_id"], ignore_index=True)
    return rows.drop(columns="of"), rows


def _spelled(rng: np.random.Generator, which: np.ndarray, source: str) -> pd.DataFrame:
    rows = []
    for number in which.tolist():
        own = np.random.default_rng([number, 3])  # what is true of the company, whoever writes it down
        chinese = own.random() < 0.3
        form = FORMS[own.integers(0, len(FORMS))]
        stem = "".join(own.choice(SYLLABLES, own.integers(2, 5)))
        trade = FIELDS[own.integers(0, len(FIELDS))]
        city = CITIES[own.integers(0, len(CITIES))]
        if chinese:
            text = "".join(own.choice(list(HANZI), own.integers(2, 4))) + TRADES[own.integers(0, len(TRADES))]
            words = text + ("有限公司" if rng.random() < 0.8 else "")
        else:
            text = f"{stem} {trade}"
            if rng.random() < 0.06:
                at = int(rng.integers(1, len(text) - 2))
                text = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
            words = f"{text} {form}".strip() if rng.random() < 0.85 else text
        tax, phone = f"{own.integers(10**9, 10**10)}", f"{own.integers(10**8, 10**9)}"
        rows.append({
            "source": source, "source_id": f"{number:07d}", "role": source, "name": words, "words": words,
            "tax_key": tax if rng.random() < KEEP_TAX else "", "tax_country": "", "country": "xx", "region": "",
            "city": city if rng.random() < 0.9 else "", "of": number,
            "domains": f"{stem}{trade}{number % 97}.com" if rng.random() < KEEP_DOMAIN else "gmail.com",
            "phones": phone if rng.random() < KEEP_PHONE else "",
        })  # fmt: skip
    return pd.DataFrame(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--companies", type=int, default=100_000)
    size = parser.parse_args().companies
    frame, rows = company(size)
    clock = [time.perf_counter()]
    records = prepare(frame)
    clock.append(time.perf_counter())
    pairs = candidates(records)
    clock.append(time.perf_counter())
    compared = compare(records, *pairs)
    clock.append(time.perf_counter())
    judged = judge(records, compared)
    clock.append(time.perf_counter())
    certain = np.flatnonzero(judged.rule != "")
    edges = [
        Edge(
            int(compared.left[k]),
            int(compared.right[k]),
            str(judged.rule[k]),
            float(judged.confidence[k]),
            RULES.index(judged.rule[k]),
        )
        for k in certain
    ]
    resolved = resolve(edges, [], [f":{tax}" if tax else "" for tax in frame["tax_key"]])
    made = [
        links.Record(source, own, role, tax)
        for source, own, role, tax in zip(
            frame["source"], frame["source_id"], frame["role"], frame["tax_key"], strict=True
        )
    ]
    linked = links.links(made, resolved, [], [])
    clock.append(time.perf_counter())
    words = ("names parsed", "pairs found", "compared", "judged", "linked")
    print(f"{size:,} x {size:,} companies: {clock[-1] - clock[0]:.1f} s, {len(pairs[0]):,} pairs")
    for word, since, until in zip(words, clock, clock[1:], strict=False):
        print(f"  {word}: {until - since:.1f} s")
    _score(rows, linked, size)
    began = time.perf_counter()
    pairs_step.scored(frame.head(6))
    print(f"  six records: {(time.perf_counter() - began) * 1000:.0f} ms")


def _score(rows: pd.DataFrame, linked: list[links.Link], size: int) -> None:
    of = {
        f"{source}:{own}": number
        for source, own, number in zip(rows["source"], rows["source_id"], rows["of"], strict=True)
    }
    right: dict[str, int] = {}
    wrong: dict[str, int] = {}
    for row in linked:
        if row["rule"] != "self":
            good = of[row["customer_id"]] == of[f"{row['source']}:{row['source_id']}"]
            found = right if good else wrong
            found[row["rule"]] = found.get(row["rule"], 0) + 1
    hits, misses = sum(right.values()), sum(wrong.values())
    print(f"  precision {hits / max(hits + misses, 1):.5f}, recall {hits / int(size * SAME):.4f}")
    for rule in RULES:
        print(f"  {rule}: {right.get(rule, 0):,} right, {wrong.get(rule, 0):,} wrong")


if __name__ == "__main__":
    main()
