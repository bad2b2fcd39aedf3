"""`python -m tests.bench.pace`: four forms of Jiandaoyun read side by side, 80 ms away from a system that refuses the
31st request within any second; how many a second it answered, and what it refused. Asserts nothing."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from multiprocessing.connection import Connection

from data_access.connectors.profile import load_profile
from data_access.connectors.rest.connector import RestConnector
from tests.bench.company import told
from tests.simulator import Simulator
from tests.simulator.company import load_jiandaoyun, make_truth

LATENCY, LIMIT, ROWS = 0.08, 30, 12_000
FORMS = ("customer", "contact", "opportunity", "activity")
KEY = "bench"


def serve(pipe: Connection) -> None:
    """The system in a process of its own: sends its address, then the statuses of its answers to requests for rows."""
    with Simulator(latency=LATENCY) as running:
        system = running.jiandaoyun(api_key=KEY, per_endpoint=LIMIT, total=50)
        company = load_jiandaoyun(system, make_truth())
        for form in FORMS:
            company.entities[form].source.insert_many({} for _ in range(ROWS))
        pipe.send(system.base_url)
        pipe.recv()
        pipe.send([each.status for each in running.requests if "data/list" in each.path])


def main() -> None:
    told(f"making {len(FORMS)} forms of {ROWS:,} rows")
    context = get_context("spawn")
    mine, theirs = context.Pipe()
    system = context.Process(target=serve, args=(theirs,))
    system.start()
    connector = RestConnector(load_profile("jiandaoyun"), mine.recv(), {"api_key": KEY, "app": "客户关系管理"})
    connector.now()

    def read(form: str) -> int:
        return sum(page.num_rows for page in connector.read(form, None, None))

    told("reading them")
    started = time.monotonic()
    with ThreadPoolExecutor(len(FORMS)) as pool:
        rows = sum(pool.map(read, FORMS))
    taken = time.monotonic() - started
    connector.close()
    mine.send("done")
    answers = mine.recv()
    system.join()
    refused = sum(status != 200 for status in answers)
    pace = len(answers) / taken
    print(
        f"{rows:,} rows, {len(answers)} requests in {taken:.1f} s: {pace:.1f} a second, {pace / LIMIT:.0%} of the limit"
    )
    print(f"refused: {refused}")


if __name__ == "__main__":
    main()
