"""Work in the order of its needs: each task once, after what it needs, several at a time, an error told at the end."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import duckdb
import pytest

from data_access.sync import crew

NEEDS = {"d": {"b", "c"}, "b": {"a"}, "c": {"a"}, "a": set(), "e": set()}
Work = Callable[[duckdb.DuckDBPyConnection], str]


def needs() -> dict[str, frozenset[str]]:
    return {task: frozenset(given) for task, given in NEEDS.items()}


@pytest.mark.parametrize("size", [1, 2, 5])
def test_each_once_and_after_what_it_needs(size: int) -> None:
    ended: list[str] = []

    def begin(task: str) -> Work | None:
        assert NEEDS[task] <= set(ended)
        if task == "b":
            ended.append(task)
            return None  # nothing to do
        return lambda beside: str(beside.execute("SELECT current_catalog()").fetchone())

    def end(task: str, found: str) -> None:
        assert found == "('memory',)"
        ended.append(task)

    crew.run(duckdb.connect(), needs(), begin, end, size)
    assert sorted(ended) == sorted(NEEDS)


def test_two_run_beside_each_other() -> None:
    meet = threading.Barrier(2, timeout=30)
    crew.run(
        duckdb.connect(), {"a": frozenset(), "b": frozenset()}, lambda _: lambda _: meet.wait(), lambda *_: None, 2
    )


def test_an_error_is_raised_once_its_neighbour_is_over() -> None:
    failed, over, ended = threading.Event(), list[str](), list[str]()

    def begin(task: str) -> Work:
        def work(beside: duckdb.DuckDBPyConnection) -> str:
            if task == "a":
                failed.set()
                raise ValueError("a fails")
            failed.wait(30)
            over.append(task)
            return task

        return work

    with pytest.raises(ValueError, match="a fails"):
        crew.run(duckdb.connect(), needs(), begin, lambda task, _: ended.append(task), 2)
    assert over == ["e"] and set(ended) <= {"e"}


def test_nothing_runs_beside_one_that_is_to_be_alone() -> None:
    beside, most = set[str](), list[int]()
    guard = threading.Lock()

    def begin(task: str) -> Work:
        def work(_: duckdb.DuckDBPyConnection) -> str:
            with guard:
                beside.add(task)
                most.append(len(beside) if "x" in beside else 0)
            time.sleep(0.01)
            with guard:
                beside.discard(task)
            return task

        return work

    tasks = dict.fromkeys("abcxdef", frozenset[str]())
    ended: list[str] = []
    crew.run(duckdb.connect(), tasks, begin, lambda task, _: ended.append(task), 3, alone=lambda task: task == "x")
    assert sorted(ended) == sorted(tasks) and max(most) == 1
