"""Notices of changes, pushed: Jiandaoyun's data push, and a generic signed sender.

Follows https://hc.jiandaoyun.com/open/11507 and https://hc.jiandaoyun.com/doc/10732 : POST `?timestamp=&nonce=`, JSON
{op, data}; `X-JDY-Signature` is the SHA-1 of "nonce:payload:secret:timestamp", `X-JDY-DeliverId` is unique. The
receiver has 2 seconds for a 2xx; a push is tried again 5 times at the most; 100 failures in a row switch it off.
Not documented: how long a retry waits, and `opTime`, which real pushes carry.
The sample on both pages has the two header values swapped, the signature written "sha1=<hex>": `swapped_headers`.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import queue
import random
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx

SECONDS_TO_ANSWER = 2.0
RETRIES = 5
FAILURES_UNTIL_OFF = 100


@dataclass
class Delivery:
    op: str
    data: dict[str, Any]
    deliver_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    statuses: list[int] = field(default_factory=list)  # one an attempt; 0: nobody answered in time
    lost: bool = False


def jdy_signature(nonce: str, payload: bytes, secret: str, timestamp: str) -> str:
    return hashlib.sha1(b":".join([nonce.encode(), payload, secret.encode(), timestamp.encode()])).hexdigest()


class Webhook:
    """lossy, duplicates: the share of pushes that never leave, or leave twice. Sends in a thread of its own."""

    def __init__(
        self,
        url: str,
        secret: str,
        now: Callable[[], datetime],
        lossy: float = 0.0,
        swapped_headers: bool = False,
        duplicates: float = 0.0,
        retry_delay: float = 0.05,
        seed: int = 0,
    ) -> None:
        self.url, self.secret, self.now = url, secret, now
        self.lossy, self.duplicates, self.swapped_headers = lossy, duplicates, swapped_headers
        self.retry_delay = retry_delay
        self.deliveries: list[Delivery] = []
        self.enabled = True
        self._failures = 0
        self._rng = random.Random(seed)
        self._waiting: queue.Queue[Delivery] = queue.Queue()
        self._closing = threading.Event()
        self._client = httpx.Client(timeout=SECONDS_TO_ANSWER, trust_env=False)
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def notify(self, op: str, data: dict[str, Any]) -> None:
        delivery = Delivery(op, data, lost=self._rng.random() < self.lossy or not self.enabled)
        self.deliveries.append(delivery)
        if not delivery.lost:
            self._waiting.put(delivery)
            if self._rng.random() < self.duplicates:
                self._waiting.put(delivery)

    def deliver(self, delivery: Delivery, timestamp: str = "", nonce: str = "", secret: str | None = None) -> int:
        """One attempt, now; answers the status, 0 where nobody answered in time. A wrong secret or an old timestamp
        makes a forged or a stale push."""
        moment = self.now()
        timestamp = timestamp or str(int(moment.timestamp()))
        nonce = nonce or uuid.uuid4().hex[:6]
        told = {"op": delivery.op, "data": delivery.data, "opTime": int(moment.timestamp() * 1000)}
        payload = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
        signature = jdy_signature(nonce, payload, self.secret if secret is None else secret, timestamp)
        signed, named = "X-JDY-Signature", "X-JDY-DeliverId"
        headers = {"Content-Type": "application/json", signed: signature, named: delivery.deliver_id}
        if self.swapped_headers:
            headers |= {signed: delivery.deliver_id, named: f"sha1={signature}"}
        query = {"timestamp": timestamp, "nonce": nonce}
        try:
            status = self._client.post(self.url, params=query, content=payload, headers=headers).status_code
        except httpx.HTTPError:
            status = 0
        delivery.statuses.append(status)
        return status

    def flush(self, timeout: float = 20.0) -> bool:
        """Waits until all that was due has been tried; False where that took too long."""
        end = time.monotonic() + timeout
        while self._waiting.unfinished_tasks and time.monotonic() < end:
            self._closing.wait(0.01)
        return not self._waiting.unfinished_tasks

    def close(self) -> None:
        self._closing.set()
        self._thread.join(SECONDS_TO_ANSWER + 1)
        self._client.close()

    def _work(self) -> None:
        while not self._closing.is_set():
            try:
                delivery = self._waiting.get(timeout=0.05)
            except queue.Empty:
                continue
            self._push(delivery)
            self._waiting.task_done()

    def _push(self, delivery: Delivery) -> None:
        for _ in range(1 + RETRIES):
            if not self.enabled:
                return
            if 200 <= self.deliver(delivery) < 300:
                self._failures = 0
                return
            self._failures += 1
            self.enabled = self._failures < FAILURES_UNTIL_OFF
            if self._closing.wait(self.retry_delay):
                return


def send_signed(
    url: str, secret: str, payload: Any, delivery: str = "", timestamp: int | None = None, body: bytes | None = None
) -> int:
    """A notice to `POST /hooks/<source>`, signed by HMAC-SHA256 over "<timestamp>.<raw body>"; answers the status."""
    raw = json.dumps(payload, ensure_ascii=False).encode() if body is None else body
    at = str(int(time.time()) if timestamp is None else timestamp)
    digest = hmac.new(secret.encode(), at.encode() + b"." + raw, hashlib.sha256).hexdigest()
    headers = {
        "Content-Type": "application/json",
        "X-Tandem-Signature": f"sha256={digest}",
        "X-Tandem-Timestamp": at,
        "X-Tandem-Delivery": delivery or str(uuid.uuid4()),
    }
    return httpx.post(url, content=raw, headers=headers, timeout=10, trust_env=False).status_code
