"""Pages land in their order in a thread of their own, those that wait together, and none is lost when reading fails."""

from __future__ import annotations

import threading

import pyarrow as pa
import pytest

from data_access.sync import ahead
from data_access.sync.ahead import Lander


def page(*numbers: int, name: str = "n") -> pa.Table:
    return pa.table({name: list(numbers)})


def test_a_single_page_lands_in_the_callers_thread() -> None:
    where = []
    with Lander(lambda table, note: where.append((threading.current_thread(), note))) as lander:
        lander.take(page(1), "a")
    assert where == [(threading.current_thread(), "a")]


def test_what_waits_lands_together_with_the_last_note() -> None:
    landed, busy, go_on = [], threading.Event(), threading.Event()

    def land(table: pa.Table, note: str) -> None:
        busy.set()
        assert go_on.wait(30)
        landed.append((table.column(0).to_pylist(), note))

    with Lander(land) as lander:
        for number in range(2):
            lander.take(page(number), f"note {number}")
        assert busy.wait(30)
        for number in range(2, 5):
            lander.take(page(number), f"note {number}")
        lander.take(page(5, name="other"), "note 5")
        go_on.set()
    assert [each for numbers, _ in landed for each in numbers] == list(range(6))
    assert landed[-2:] == [([2, 3, 4], "note 4"), ([5], "note 5")]


def test_reading_waits_while_a_group_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "GROUP_ROWS", 3)
    read, landed, go_on = [], [], threading.Event()

    def land(table: pa.Table, note: int) -> None:
        assert go_on.wait(30)
        assert table.num_rows <= 3
        landed.append(note)

    def reading() -> None:
        with Lander(land) as lander:
            for number in range(20):
                lander.take(page(number), number)
                read.append(number)

    reader = threading.Thread(target=reading)
    reader.start()
    reader.join(0.3)
    assert reader.is_alive() and len(read) <= 2 * 3 + 1
    go_on.set()
    reader.join(30)
    assert not reader.is_alive() and landed[-1] == 19 and len(read) == 20


def test_what_was_read_lands_when_reading_fails() -> None:
    landed = []
    with pytest.raises(OSError, match="gone"), Lander(lambda table, note: landed.append(note)) as lander:
        for number in range(3):
            lander.take(page(number), number)
        raise OSError("gone")
    assert landed[-1] == 2


@pytest.mark.parametrize("pages", [1, 200])
def test_an_error_of_landing_stops_the_reading(pages: int) -> None:
    taken = []

    def land(table: pa.Table, note: int) -> None:
        raise ValueError("full")

    with pytest.raises(ValueError, match="full"), Lander(land) as lander:
        for number in range(pages):
            lander.take(page(number), number)
            taken.append(number)
    assert not any(thread.name == "land" for thread in threading.enumerate())


def test_a_first_page_that_fills_a_group_alone_is_landed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "GROUP_BYTES", 8)
    landed = []

    def reading() -> None:
        with Lander(lambda table, note: landed.append(note)) as lander:
            for number in range(3):
                lander.take(page(number, number), number)

    reader = threading.Thread(target=reading, daemon=True)
    reader.start()
    reader.join(30)
    assert not reader.is_alive() and landed[-1] == 2
