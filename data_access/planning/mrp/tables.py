"""A plan as the tables of schema `plan`."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from data_access.planning.mrp.arrays import TINY
from data_access.planning.mrp.inputs import Loaded
from data_access.planning.mrp.messages import KINDS, NO_ORDER, REASONS, Messages
from data_access.planning.mrp.model import ONE_DAY, Plan
from data_access.planning.mrp.trace import Hit, Tracer
from data_access.planning.safety import order_up_to, reorder_point


def tables(loaded: Loaded, plan: Plan, messages: Messages) -> dict[str, pd.DataFrame]:
    """The frames by table name, with the promised columns first."""
    return {
        "plan.mps": mps(loaded, plan),
        "plan.planned_order": planned_orders(loaded, plan),
        "plan.capacity_load": capacity_load(loaded, plan),
        "plan.action_message": action_messages(loaded, messages),
        "plan.item_parameter": item_parameters(loaded, plan),
        "plan.waiting_line": waiting_lines(loaded, plan),
        "plan.bom_cycle": bom_cycles(loaded, plan),
    }


def mps(loaded: Loaded, plan: Plan) -> pd.DataFrame:
    """One row an item that moves or is held, and a week. gross_requirements: the larger of forecast and orders, deals
    and what parents take; atp is NULL where no supply arrives; unexpedited: the balance if nothing is hurried."""
    inputs = plan.inputs
    figures = {
        "forecast": inputs.forecast,
        "orders": inputs.orders,
        "deals": inputs.deals,
        "dependent_demand": plan.dependent,
        "gross_requirements": plan.gross,
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


def item_parameters(loaded: Loaded, plan: Plan) -> pd.DataFrame:
    """One row an item: what it was planned with. cumulative_lead_time_days: if no part of it were there;
    lead_time_from, safety_from: see Loaded; reorder_point, order_up_to: what the plan takes over the lead time, and
    until the order after the next one is here, with the safety stock; value_at_risk: base currency of its shortage."""
    items = plan.inputs.items
    weeks = items.lead_time_days / 7
    return pd.DataFrame(
        {
            "product_id": np.array(loaded.products, dtype=object),
            "is_made": items.is_made,
            "on_hand": items.on_hand,
            "safety_stock": plan.safety_stock,
            "lead_time_days": items.lead_time_days,
            "cumulative_lead_time_days": plan.structure.longest(np.where(items.is_phantom, 0, items.lead_time_days)),
            "lead_time_from": np.array(loaded.lead_time_from, dtype=object),
            "min_order_qty": items.lots.minimum,
            "order_multiple": items.lots.multiple,
            "cover_weeks": items.lots.periods,
            "safety_from": np.array(loaded.safety_from, dtype=object),
            "reorder_point": reorder_point(plan.gross, weeks, plan.safety_stock),
            "order_up_to": order_up_to(plan.gross, weeks, loaded.policy.review, plan.safety_stock),
            "low_level_code": plan.structure.level,
            "unit_value": plan.unit_value,
            "value_at_risk": plan.at_risk,
        }
    )


def waiting_lines(loaded: Loaded, plan: Plan) -> pd.DataFrame:
    """One row a short item and an order line that waits for it. period_start: where the shortage is deepest; quantity:
    of what was ordered; blocked: units of the short item behind it; path: SKUs from the short item up to the ordered
    one."""
    tracer, starts = Tracer(plan, orders_only=True), plan.inputs.horizon.starts
    rows = [(item, period, hit) for item, period in _shortages(plan) for hit in tracer.hits(item, period)]
    hits: list[Hit] = [hit for *_, hit in rows]
    lines = loaded.lines["line_id"].to_numpy(object)
    return pd.DataFrame(
        {
            "product_id": [loaded.products[item] for item, *_ in rows],
            "period_start": starts[np.array([period for _, period, _ in rows], dtype=np.int64)],
            "line_id": [lines[hit.line] for hit in hits],
            "quantity": np.array([hit.quantity for hit in hits], dtype=np.float64),
            "blocked": np.array([hit.blocked for hit in hits], dtype=np.float64),
            "path": [" › ".join(loaded.skus[row] for row in hit.path) for hit in hits],
        }
    )


def _shortages(plan: Plan) -> list[tuple[int, int]]:
    """(item, period) of each item that owes something if nothing is hurried: where it owes most."""
    owed = np.maximum(-plan.unexpedited, 0.0)
    deepest = owed.argmax(axis=1)
    short = np.flatnonzero((owed.max(axis=1, initial=0.0) > TINY) & ~plan.inputs.items.is_phantom)
    return [(int(item), int(deepest[item])) for item in short]


def bom_cycles(loaded: Loaded, plan: Plan) -> pd.DataFrame:
    """One row a loop in the bills of material: path, SKUs all the way around. The loop is left out of the plan."""
    paths = [" › ".join(loaded.skus[row] for row in cycle) for cycle in plan.structure.cycles]
    return pd.DataFrame({"path": np.array(paths, dtype=object)})
