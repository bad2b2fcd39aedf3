"""ADI, CV2 and the classes, by hand."""

import numpy as np
import pytest

from data_access.planning.forecast.classes import adi, classify, cv2, patience, silence

NAN = np.nan


def test_interval_and_unevenness_by_hand() -> None:
    """Six periods since the first sale, three of them with sales of 3, 6 and 3: mean 4, variance 2."""
    history = np.array([[0, 0, 3, 0, 0, 6, 0, 3.0]])
    assert adi(history)[0] == 2.0
    assert cv2(history)[0] == pytest.approx(2 / 16)


@pytest.mark.parametrize(
    ("history", "kind"),
    [
        ([5.0] * 12, "smooth"),
        ([1.0, 10.0] * 6, "erratic"),  # variance 20.25 of mean 5.5: 0.67
        ([3.0, 0, 0, 6, 0, 3, 0, 3, 0], "intermittent"),
        ([1.0, 0, 0, 10, 0, 0, 1, 0, 0], "lumpy"),  # variance 18 of mean 4: 1.125
        ([0, 0, 0, 0, 2.0, 3, 2, 3, 1], "new"),
        ([0, 0, 0, 1.0, 2, 3, 2, 3, 1], "smooth"),
        ([NAN, NAN, 1.0], "new"),
        ([NAN, NAN, NAN], "new"),
        ([0.0] * 5, "new"),
        ([0.0] * 6, "discontinued"),
        ([1.0] * 10 + [0.0] * 6, "intermittent"),
        ([1.0] * 10 + [0.0] * 7, "discontinued"),
        ([1.0] * 10 + [0.0] * 6 + [NAN] * 9, "intermittent"),  # out of stock is not silence
        ([1.0, 0, 0, 0, 0] * 4 + [0.0] * 8, "intermittent"),
        ([1.0, 0, 0, 0, 0] * 4 + [0.0] * 9, "discontinued"),
        ([0, 1.0] + [0.0] * 7, "discontinued"),
        ([1.0], "new"),
        ([-1.0] * 9, "discontinued"),  # returns are not sales
    ],
)
def test_class(history: list[float], kind: str) -> None:
    assert classify(np.array([history]))[0] == kind


def test_three_mean_intervals_of_silence() -> None:
    """Four sales over 16 periods: an interval of 4 up to the last one, 12 periods of patience, 13 silent ones."""
    history = np.array([[1.0, 0, 0, 0, 0] * 4 + [0.0] * 9])
    assert patience(history)[0] == 12.0 and silence(history)[0] == 13
    assert adi(history)[0] == 29 / 4


def test_nothing_at_all() -> None:
    assert classify(np.zeros((0, 9))).shape == (0,)
    assert classify(np.zeros((2, 0))).tolist() == ["new", "new"]
