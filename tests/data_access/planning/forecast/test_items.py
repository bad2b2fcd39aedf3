"""Every item by the method of its class: what holds for any history whatever."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from data_access.planning.demand import Floats
from data_access.planning.forecast.campaigns import Campaigns
from data_access.planning.forecast.ensemble import MODEL, ensemble
from data_access.planning.forecast.intermittent import METHODS
from data_access.planning.forecast.items import Expected, History, expect

NAN = np.nan
VALUES = st.one_of(st.just(0.0), st.just(NAN), st.integers(-4, 40).map(float), st.floats(0, 1e6, allow_subnormal=False))


def histories(most: int = 60) -> st.SearchStrategy[Floats]:
    shape = st.tuples(st.integers(0, 6), st.integers(0, most))
    return shape.flatmap(lambda size: arrays.arrays(np.float64, size, elements=VALUES))


def of(history: Floats, horizon: int = 8, period: int = 12) -> Expected:
    families = np.array([f"f{row % 2}" for row in range(len(history))], dtype=str)
    return expect(History(history, period, families, np.isnan(history)), horizon)


def assortment(periods: int = 80) -> Floats:
    """Smooth, seasonal, erratic, intermittent, lumpy, new and discontinued items, twelve of each."""
    rng = np.random.default_rng(12)
    season = 1 + 0.6 * np.sin(2 * np.pi * np.arange(periods) / 12)
    now_and_then = rng.random((24, periods)) < 0.3
    rows = [
        rng.poisson(40, (12, periods)),
        rng.poisson(40 * season, (12, periods)),
        np.ceil(rng.lognormal(2, 1.2, (12, periods))),
        np.where(now_and_then[:12], rng.integers(4, 7, (12, periods)), 0),
        np.where(now_and_then[12:], np.ceil(rng.lognormal(2, 1.5, (12, periods))), 0),
        np.where(np.arange(periods) >= periods - 4, rng.poisson(9, (12, periods)) + 1, 0),
        np.where(np.arange(periods) < 40, rng.poisson(9, (12, periods)), 0),
    ]
    return np.vstack(rows).astype(float)


@settings(max_examples=80, deadline=None)
@given(histories())
def test_never_negative_never_unknown(history: Floats) -> None:
    found = of(history)
    assert found.mean.shape == (len(history), 8) and found.low.shape == (2, len(history), 8)
    assert np.isfinite(found.mean).all() and (found.mean >= 0).all()
    for method in (*METHODS.values(), lambda known, ahead: ensemble(known, ahead, 12)):
        mean = method(history, 8)
        assert mean.shape == (len(history), 8) and np.isfinite(mean).all() and (mean >= 0).all()
    measured = ~np.isnan(found.low)
    assert (np.isnan(found.high) == ~measured).all()
    assert (found.low[measured] >= 0).all() and (found.low <= found.mean)[measured].all()
    assert (found.high >= found.mean)[measured].all()


@settings(max_examples=40, deadline=None)
@given(histories(), st.sampled_from([0.25, 2.0, 1024.0]))
def test_the_unit_does_not_matter(history: Floats, factor: float) -> None:
    """Powers of two are exact, so that no test or choice can tip over by rounding."""
    plain, scaled = of(history), of(history * factor)
    np.testing.assert_array_equal(scaled.kind, plain.kind)
    np.testing.assert_allclose(scaled.mean, plain.mean * factor, rtol=1e-9)
    np.testing.assert_allclose(scaled.high, plain.high * factor, rtol=1e-9)


def test_the_order_of_items_does_not_matter() -> None:
    history = assortment()
    families = np.array([f"f{row % 3}" for row in range(len(history))])
    order = np.random.default_rng(1).permutation(len(history))
    plain = expect(History(history, 12, families), 9)
    mixed = expect(History(history[order], 12, families[order]), 9)
    for name in ("mean", "kind", "model", "scale"):
        one, other = getattr(plain, name)[order], getattr(mixed, name)
        if name in ("kind", "model"):
            assert one.tolist() == other.tolist()
        else:
            np.testing.assert_allclose(other, one, rtol=1e-9)
    np.testing.assert_allclose(mixed.high, plain.high[:, order], rtol=1e-9)


def test_each_class_by_its_method() -> None:
    found = expect(History(assortment(), 12, np.repeat("f", 84)), 6)
    assert set(found.kind[:24]) == {"smooth"} and set(found.model[:36]) == {MODEL}
    sparse = np.isin(found.kind, ["intermittent", "lumpy"])
    assert sparse.sum() > 15 and len(set(found.model[sparse])) == 1 and found.model[sparse][0] in METHODS
    assert set(found.kind[60:72]) == {"new"} and set(found.model[60:72]) == {"family_ramp"}
    gone = found.kind == "discontinued"
    assert gone[72:].all() and (found.mean[gone] == 0).all() and np.isnan(found.high[:, gone]).all()
    assert not np.isnan(found.high[:, :36]).any()
    assert (found.high[1] >= found.high[0])[~np.isnan(found.high[0])].all()


def test_zeros_before_the_first_sale_are_not_demand() -> None:
    """The same months with and without a time before them: an item's launch is not a trend."""
    history = assortment()[:12]
    late = np.hstack([np.zeros((12, 60)), history])
    families = np.repeat("f", 12)
    one, other = (expect(History(sales, 12, families), 6) for sales in (late, history))
    np.testing.assert_allclose(one.mean, other.mean)
    np.testing.assert_allclose(one.scale, other.scale)
    np.testing.assert_allclose(one.high, other.high)


def test_single_values_and_empty_histories() -> None:
    for history in (np.zeros((3, 0)), np.zeros((0, 20)), np.zeros((2, 1)), np.full((2, 9), NAN), np.zeros((2, 40))):
        found = of(history)
        assert (found.mean == 0).all()
    one = np.full((1, 30), NAN)
    one[0, -1] = 5.0
    assert of(one).mean[0].tolist() == [5.0] * 8


def test_stock_outs_do_not_bend_the_forecast() -> None:
    rng = np.random.default_rng(13)
    history = rng.poisson(50, (200, 60)).astype(float)
    out = rng.random(history.shape) < 0.2
    families = np.repeat("f", 200)
    found = expect(History(np.where(out, 0.0, history), 12, families, out), 6)
    assert found.mean.mean() == pytest.approx(50, rel=0.02)
    assert expect(History(np.where(out, 0.0, history), 12, families), 6).mean.mean() < 45


def test_a_planned_campaign_adds_what_campaigns_did() -> None:
    rng = np.random.default_rng(14)
    history = rng.poisson(100, (30, 60)).astype(float)
    item, week = np.repeat(np.arange(30), 3), np.tile([10, 30, 50], 30)
    history[item, week] *= 2
    kind = np.repeat("fair", 90)
    planned = Campaigns(np.array([4]), np.array([2]), np.array(["fair"]))
    known = History(history, 12, np.repeat("f", 30), past=Campaigns(item, week, kind), planned=planned)
    found = expect(known, 6).with_campaigns(known).mean
    assert found[4, 2] == pytest.approx(200, rel=0.1)
    assert np.delete(found, 4, axis=0).mean() == pytest.approx(100, rel=0.02)
