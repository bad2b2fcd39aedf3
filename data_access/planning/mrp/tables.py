"""A plan as the tables of schema `plan`: mps, planned_order, capacity_load, action_message."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from data_access.planning.mrp.inputs import Loaded
from data_access.planning.mrp.messages import KINDS, NO_ORDER, REASONS, Messages
from data_access.planning.mrp.model import ONE_DAY, Plan


def tables(loaded: Loaded, plan: Plan, messages: Messages) -> dict[str, pd.DataFrame]:
    """The four frames by table name, with the promised columns first."""
    return {
        "plan.mps": mps(loaded, plan),
        "plan.planned_order": planned_orders(loaded, plan),
        "plan.capacity_load": capacity_load(loaded, plan),
        "plan.action_message": action_messages(loaded, messages),
    }


def mps(loaded: Loaded, plan: Plan) -> pd.DataFrame:
    """One row an item that moves or is held, and a week. atp is NULL where no supply arrives; unexpedited: the balance
    if nothing is hurried."""
    inputs = plan.inputs
    figures = {
        "forecast": inputs.forecast,
        "orders": inputs.orders,
        "deals": inputs.deals,
        "dependent_demand": plan.dependent,
        "scheduled_receipts": plan.scheduled,
        "planned_receipts": plan.receipts,
        "planned_releases": plan.releases,
        "projected_available": plan.available,
        "unexpedited": plan.unexpedited,
        "atp": np.where(plan.atp.is_bucket, plan.atp.discrete, np.nan),
        "atp_cumulative": plan.atp.cumulative,
    }
    moves = (plan.gross.any(axis=1) | plan.scheduled.any(axis=1) | plan.receipts.any(axis=1)) & ~inputs.items.is_phantom
    kept = np.flatnonzero(moves | (inputs.items.on_hand != 0))
    frame: dict[str, Any] = {
        "product_id": np.repeat(np.array(loaded.products, dtype=object)[kept], inputs.shape[1]),
        "period_start": np.tile(inputs.horizon.starts, len(kept)),
    }
    return pd.DataFrame(frame | {name: values[kept].reshape(-1) for name, values in figures.items()})


def planned_orders(loaded: Loaded, plan: Plan) -> pd.DataFrame:
    """One row a new order, due on the first day of its week. days_late: how far its release lies in the past; it is
    shown today."""
    orders, horizon = plan.orders, plan.inputs.horizon
    due = horizon.first_days[orders.due]
    release = due - plan.inputs.items.lead_time_days[orders.item] * ONE_DAY
    return pd.DataFrame(
        {
            "product_id": np.array(loaded.products, dtype=object)[orders.item],
            "release_date": np.maximum(release, horizon.today),
            "due_date": due,
            "quantity": orders.quantity,
            "kind": np.where(orders.is_made, "make", "buy"),
            "days_late": np.maximum((horizon.today - release) / ONE_DAY, 0).astype(np.int64),
        }
    )


def capacity_load(loaded: Loaded, plan: Plan) -> pd.DataFrame:
    """One row a work centre and week."""
    load, starts = plan.load, plan.inputs.horizon.starts
    return pd.DataFrame(
        {
            "work_center_id": np.repeat(np.array(loaded.work_centers, dtype=object), len(starts)),
            "period_start": np.tile(starts, len(loaded.work_centers)),
            "required_hours": load.required.reshape(-1),
            "available_hours": load.available.reshape(-1),
        }
    )


def action_messages(loaded: Loaded, messages: Messages) -> pd.DataFrame:
    """One row a message in its rank; date: the day it should be, due_date: the order's present day; reason: a code;
    value_tied: base currency at cost that comes free."""
    documents = loaded.documents
    known = messages.order != NO_ORDER
    named = {
        name: np.where(known, documents[name].to_numpy(object)[np.where(known, messages.order, 0)], None)
        if len(documents)
        else np.full(len(known), None, dtype=object)
        for name in ("document_id", "document_no")
    }
    return pd.DataFrame(
        {
            "product_id": np.array(loaded.products, dtype=object)[messages.item],
            "kind": np.array(KINDS, dtype=object)[messages.kind],
            "date": messages.date,
            "quantity": messages.quantity,
            "reason": np.array(REASONS, dtype=object)[messages.reason],
            "value_at_risk": messages.at_risk,
            **named,
            "due_date": messages.due,
            "value_tied": messages.tied,
            "rank": np.arange(1, len(messages.kind) + 1),
        }
    )
