"""What copying versions may cost: short bursts at once, long load a tenth of the time, whatever the size."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.sync.allowance import MOST_SAVED, SHARE, Allowance


def copies(asked: list[float], seconds: float) -> list[float]:
    """The instants at which copies begin when versions are asked for at these instants (ascending): each takes all
    that was asked for until then."""
    allowance, now, begun = Allowance(0.0), 0.0, list[float]()
    while asked:
        begun.append(max(now, asked[0], allowance.free_at()))
        asked = [moment for moment in asked if moment > begun[-1]]
        now = begun[-1] + seconds
        allowance = allowance.after(seconds, now)
    return begun


def test_a_burst_at_a_small_size_waits_for_nothing() -> None:
    asked = [float(second) for second in range(10)]
    assert copies(asked, 0.9) == asked


def test_a_big_company_pays_for_one_copy_before_the_next() -> None:
    first, second, third = copies([0.0, 61.0, 600.0], 60.0)
    assert first == 0.0
    assert second == pytest.approx(60.0 + (60.0 - MOST_SAVED) / SHARE)
    assert third - second == pytest.approx(60.0 / SHARE)


def test_what_was_used_up_is_saved_again_in_quiet_times() -> None:
    asked = [0.5 * number for number in range(200)]
    tired = copies(asked, 1.0)
    assert tired[-1] - tired[-2] == pytest.approx(1.0 / SHARE)
    later = asked[-1] + MOST_SAVED / SHARE + 60
    burst = [later + second for second in (0.0, 1.5, 3.0)]
    assert copies(asked + burst, 1.0)[-3:] == burst


@given(seconds=st.floats(0.05, 120.0), every=st.floats(0.1, 30.0), count=st.integers(2, 200))
def test_long_load_takes_its_share_and_what_was_saved(seconds: float, every: float, count: int) -> None:
    begun = copies([number * every for number in range(count)], seconds)
    assert (len(begun) - 1) * seconds <= MOST_SAVED + SHARE * begun[-1] + 1e-6


@given(st.lists(st.tuples(st.floats(0.0, 1e6), st.floats(0.0, 200.0)), max_size=30))
def test_nobody_saves_for_ever_and_every_debt_ends(steps: list[tuple[float, float]]) -> None:
    allowance, now = Allowance(0.0), 0.0
    for pause, copied in steps:
        now += pause + copied
        allowance = allowance.after(copied, now)
        assert allowance.saved <= MOST_SAVED
        assert now <= allowance.free_at() <= now + max(0.0, -allowance.saved) / SHARE + 1e-6
