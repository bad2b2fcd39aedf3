"""Progress told to people, and values made once."""

import io
import threading

import pytest

from data_access.cache import SingleFlight
from data_access.progress import ProgressPrinter


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_plain_lines_elsewhere_than_a_terminal() -> None:
    out = io.StringIO()
    tell = ProgressPrinter(out, every_s=1000)
    for done in range(0, 101):
        tell("extract", "orders", done, 100)
    tell("build", "", 0, 0)
    tell("build", "core.customer", 1, 60)
    tell.close()
    assert out.getvalue() == "extract orders 0/100\nbuild\n"


def test_a_bar_on_a_terminal() -> None:
    out = Terminal()
    tell = ProgressPrinter(out)
    tell("extract", "orders", 50, 100)
    tell.close()
    assert out.getvalue().startswith("\r[############............] extract orders 50/100") and out.getvalue().endswith(
        "\n"
    )


def test_a_value_is_made_once_and_a_failure_is_not_kept() -> None:
    cache, made, gate = SingleFlight(2), [], threading.Event()

    def make() -> str:
        gate.wait(5)
        made.append(1)
        return "value"

    threads = [threading.Thread(target=cache.get, args=("k", make)) for _ in range(20)]
    [thread.start() for thread in threads]
    gate.set()
    [thread.join() for thread in threads]
    assert made == [1] and cache.peek("k") == "value"
    with pytest.raises(ZeroDivisionError):
        cache.get("bad", lambda: 1 // 0)
    assert cache.get("bad", lambda: 7) == 7
    cache.get("third", lambda: 3)
    assert len(cache) == 2 and cache.peek("k") is None
    cache.drop("third", 4)
    assert cache.peek("third") == 3
    cache.drop("third", cache.peek("third"))
    assert cache.peek("third") is None
    for number in range(9):
        cache.put(number, number)
    assert len(cache) == 2 and cache.peek(8) == 8
