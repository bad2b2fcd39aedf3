"""Pushes as documented: signed, one a single change, tried again, and never for batches."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.simulator import Fault, Simulator
from tests.simulator.jdy_form import Form
from tests.simulator.webhooks import send_signed
from tests.simulator.wire import Reply, Request, Server


@dataclass
class Receiver:
    """Remembers what it got; answers `statuses` in turn, then 200."""

    got: list[Request] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    url: str = ""

    def handle(self, request: Request) -> Reply:
        with self.lock:
            self.got.append(request)
            return Reply({}, self.statuses.pop(0) if self.statuses else 200)

    def told(self) -> list[tuple[str, str]]:
        bodies = [json.loads(request.body) for request in self.got]
        return [(body["op"], body["data"]["_id"]) for body in bodies]


@pytest.fixture
def receiver(sim: Simulator) -> Iterator[Receiver]:
    found = Receiver()
    server = Server(found.handle, sim.now)
    found.url = f"http://127.0.0.1:{server.port}/hooks/crm"
    yield found
    server.close()


@pytest.fixture
def form(sim: Simulator) -> Form:
    return sim.jiandaoyun(api_key="key-1").form(app="销售", name="订单", fields={"单号": "text"})


def signed_as_documented(request: Request, secret: str, signature: str) -> bool:
    parts = [request.query["nonce"], request.body.decode(), secret, request.query["timestamp"]]
    return hashlib.sha1(":".join(parts).encode()).hexdigest() == signature


def test_each_single_change_is_pushed_once_and_signed(form: Form, receiver: Receiver) -> None:
    hook = form.system.webhook(receiver.url, "secret")
    rid = form.insert({"单号": "SO-1"})
    form.update(rid, {"单号": "SO-2"})
    form.delete(rid)
    form.recover(rid)
    assert hook.flush()
    ops = ["data_create", "data_update", "data_remove", "data_recover"]
    assert receiver.told() == [(op, rid) for op in ops]
    for request in receiver.got:
        assert signed_as_documented(request, "secret", request.headers["X-JDY-Signature"])
    assert len({request.headers["X-JDY-DeliverId"] for request in receiver.got}) == 4
    changed = json.loads(receiver.got[1].body)["data"]
    assert changed[form.wire_name("单号")] == "SO-2" and changed["formName"] == "订单"
    assert json.loads(receiver.got[2].body)["data"]["deleteTime"]


def test_batches_push_nothing(form: Form, receiver: Receiver) -> None:
    hook = form.system.webhook(receiver.url, "secret")
    made = form.insert_many({"单号": f"SO-{n}"} for n in range(3))
    form.update_many(made, {"单号": "SO-X"})
    form.delete_many(made)
    assert hook.flush() and receiver.got == [] and form.rows == []


def test_a_push_is_tried_again_five_times(form: Form, receiver: Receiver) -> None:
    receiver.statuses = [500] * 5
    hook = form.system.webhook(receiver.url, "secret", retry_delay=0.0)
    form.insert({"单号": "SO-1"})
    assert hook.flush() and hook.deliveries[0].statuses == [500] * 5 + [200]
    assert len({request.headers["X-JDY-DeliverId"] for request in receiver.got}) == 1, "the same delivery each time"


def test_after_a_hundred_failures_in_a_row_it_is_switched_off(form: Form, receiver: Receiver) -> None:
    receiver.statuses = [500] * 200
    hook = form.system.webhook(receiver.url, "secret", retry_delay=0.0)
    for number in range(20):
        form.insert({"单号": f"SO-{number}"})
    assert hook.flush() and not hook.enabled and len(receiver.got) == 100


def test_the_published_sample_swaps_the_headers(form: Form, receiver: Receiver) -> None:
    hook = form.system.webhook(receiver.url, "secret", swapped_headers=True)
    form.insert({"单号": "SO-1"})
    assert hook.flush()
    (request,) = receiver.got
    kind, _, signature = request.headers["X-JDY-DeliverId"].partition("=")
    assert kind == "sha1" and signed_as_documented(request, "secret", signature)
    assert request.headers["X-JDY-Signature"] == hook.deliveries[0].deliver_id


def test_pushes_get_lost_or_doubled(form: Form, receiver: Receiver) -> None:
    hook = form.system.webhook(receiver.url, "secret", lossy=0.5, duplicates=0.5, seed=3)
    for number in range(40):
        form.insert({"单号": f"SO-{number}"})
    assert hook.flush()
    lost = sum(delivery.lost for delivery in hook.deliveries)
    arrived = [request.headers["X-JDY-DeliverId"] for request in receiver.got]
    assert 5 < lost < 35 and len(set(arrived)) == 40 - lost and len(arrived) > len(set(arrived))


def test_a_silent_delete_pushes_nothing(sim: Simulator, form: Form, receiver: Receiver) -> None:
    hook = form.system.webhook(receiver.url, "secret")
    first, second = form.insert({"单号": "SO-1"}), form.insert({"单号": "SO-2"})
    sim.fault(Fault("delete_silently", match="销售/订单", times=1))
    form.delete(first)
    form.delete(second)
    assert hook.flush()
    assert [told for told in receiver.told() if told[0] == "data_remove"] == [("data_remove", second)]


def test_one_push_may_be_forged(form: Form, receiver: Receiver) -> None:
    form.system.webhook(receiver.url, "secret")
    data: dict[str, Any] = {"_id": "1"}
    assert form.system.deliver("data_update", data, deliver_id="d-1", secret="guessed", timestamp="5") == 200
    (request,) = receiver.got
    assert request.query["timestamp"] == "5" and request.headers["X-JDY-DeliverId"] == "d-1"
    assert not signed_as_documented(request, "secret", request.headers["X-JDY-Signature"])


def test_nobody_there_is_no_status(form: Form, receiver: Receiver) -> None:
    form.system.webhook("http://127.0.0.1:9/hooks/crm", "secret")
    assert form.system.deliver("data_update", {"_id": "1"}) == 0


def test_generic_notices_are_signed_by_hmac(receiver: Receiver) -> None:
    assert send_signed(receiver.url, "secret", {"entity": "客户"}, delivery="d-9", timestamp=1_700_000_000) == 200
    (request,) = receiver.got
    expected = hmac.new(b"secret", b"1700000000." + request.body, hashlib.sha256).hexdigest()
    assert request.headers["X-Tandem-Signature"] == f"sha256={expected}"
    assert request.headers["X-Tandem-Timestamp"] == "1700000000" and request.headers["X-Tandem-Delivery"] == "d-9"
