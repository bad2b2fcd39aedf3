"""Changes in the demo's CRM, and the signed notices that tell of them."""

from __future__ import annotations

import hashlib
import hmac
import json
import sqlite3
import time
import urllib.request
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.live.company import LiveCompany

SECRET = "a secret of the tests"
VARIABLE = "CRM_HOOK"


def make_pushing(config: Path, name: str = "crm") -> None:
    """This source may push, and both are read by themselves only every hour."""
    text = config.read_text(encoding="utf-8").replace('every = "5s"', 'every = "1h"')
    head, source, rest = text.partition(f'name = "{name}"\n')
    assert source and 'every = "1h"' in rest
    config.write_text(f'{head}{source}hook_secret = "${{{VARIABLE}}}"\n{rest}', encoding="utf-8")


def reassign(folder: Path, owner: str) -> str:
    """Gives the first account another owner, as the CRM's users would; its id."""
    stamp = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
    with sqlite3.connect(folder / "crm.db", timeout=30) as crm:
        (account,) = crm.execute("SELECT min(account_id) FROM crm_account WHERE deleted = 0").fetchone()
        change = "UPDATE crm_account SET owner_name = ?, modified_on = ? WHERE account_id = ?"
        crm.execute(change, (owner, stamp, account))
    return str(account)


def win(folder: Path, cents: int) -> dict[str, Any]:
    """Wins an open deal at this value, as the CRM's users would; the notice its client sends of it."""
    now = datetime.now(UTC)
    stamp = now.strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
    with sqlite3.connect(folder / "crm.db", timeout=30) as crm:
        (deal,) = crm.execute(
            "SELECT min(opportunity_id) FROM crm_opportunity WHERE sales_stage NOT LIKE 'Closed%' AND deleted = 0"
        ).fetchone()
        assert deal is not None, "no deal is open any more"
        crm.execute(
            "UPDATE crm_opportunity SET sales_stage = 'Closed Won', win_probability = '100', currency_code = 'CNY',"
            " estimated_value = ?, closed_on = ?, modified_on = ? WHERE opportunity_id = ?",
            (f"{cents / 100:.2f}", stamp, stamp, deal),
        )
    return {"stream": "opportunity", "key": str(deal)}


def push(address: str, notice: Any, *, source: str = "crm", delivery: str = "", secret: str = SECRET) -> dict[str, Any]:
    """Delivers a notice; the answer's document."""
    body, stamp = json.dumps(notice).encode(), str(int(time.time()))
    digest = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    headers = {
        "X-Tandem-Signature": f"sha256={digest}",
        "X-Tandem-Timestamp": stamp,
        "X-Tandem-Delivery": delivery or str(uuid.uuid4()),
    }
    request = urllib.request.Request(f"{address}/hooks/{source}", data=body, headers=headers)
    with urllib.request.urlopen(request, timeout=30) as answer:
        document: dict[str, Any] = json.load(answer)
    return document


def is_published(live: LiveCompany, owner: str) -> bool:
    return live.rows(f"SELECT count(*) FROM core.customer WHERE owner = '{owner}'") != [(0,)]


def results(live: LiveCompany) -> list[str]:
    """Of the notices that are done, in the order of arrival."""
    return [text for (text,) in live.ledger("SELECT result FROM hook_notice WHERE applied_at IS NOT NULL ORDER BY id")]
