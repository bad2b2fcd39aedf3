"""Work in the order of its needs, several tasks at a time, each on a connection of its own."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, closing
from graphlib import TopologicalSorter
from typing import TypeVar

import duckdb

from data_access.sync.made import Made

T = TypeVar("T")
AT_ONCE = 2  # models made beside each other,
SMALL_ROWS = 5_000_000  # of all tables together: the large ones of more fill cores and memory one by one


def size(made: Iterable[Made]) -> int:
    """How much is to be made at a time: one before there was any."""
    return AT_ONCE if any(each.rows for each in made) else 1


def is_much(made: Collection[Made]) -> bool:
    """Whether there is enough to be done for several threads on each: everything, or large tables."""
    return size(made) == 1 or is_large(made)


def is_large(made: Iterable[Made]) -> bool:
    """By the rows of the last build."""
    return sum(each.rows for each in made) > SMALL_ROWS


def run(
    con: duckdb.DuckDBPyConnection,
    needs: Mapping[str, frozenset[str]],
    begin: Callable[[str], Callable[[duckdb.DuckDBPyConnection], T] | None],
    end: Callable[[str, T], None],
    size: int,
    *,
    last: Collection[str] = (),
    alone: Callable[[str], bool] = lambda task: False,
) -> None:
    """Every task once those it needs are done: `begin` answers its work (None: nothing to do), which runs in a thread;
    `end` takes what came of it. Both are called here. The first error is raised once what runs beside it is over.
    Nothing waits for the tasks in `last`: they fill what time the others leave. Nothing runs beside those that are to
    be `alone`."""
    graph = TopologicalSorter(needs)
    graph.prepare()
    running: dict[Future[T], tuple[str, duckdb.DuckDBPyConnection]] = {}
    with ExitStack() as opened, ThreadPoolExecutor(size, thread_name_prefix="build") as pool:
        free = [opened.enter_context(closing(_beside(con))) for _ in range(size)]
        ready: list[str] = []
        by_itself = False
        while graph.is_active():
            ready += graph.get_ready()
            by_itself = by_itself and bool(running)
            if ready and free and not by_itself:
                place = next((place for place, name in enumerate(ready) if name not in last), 0)
                by_itself = alone(ready[place])
                if not (by_itself and running):
                    task = ready.pop(place)
                    work = begin(task)
                    if work is None:
                        graph.done(task)
                    else:
                        cursor = free.pop()
                        running[pool.submit(work, cursor)] = (task, cursor)
                    continue
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                task, cursor = running.pop(future)
                free.append(cursor)
                end(task, future.result())
                graph.done(task)


def _beside(con: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """Another connection to the same stores, in the same one."""
    cursor = con.cursor()
    (store,) = con.execute("SELECT current_catalog()").fetchall()[0]
    cursor.execute(f"USE {store}")
    return cursor
