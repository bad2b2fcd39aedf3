"""Results of the scene "production" for the same invented company."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

M = 1e6
Row = dict[str, Any]
MONDAY = date(2026, 11, 23)
CENTERS = ("CNC machining", "Winding", "Assembly A", "Assembly B", "Test bench", "Paint & pack")
LOADS = (
    (88, 91, 94, 97, 95, 84, 70, 86, 88, 90), (82, 85, 92, 99, 96, 80, 66, 84, 86, 88),
    (95, 101, 108, 114, 109, 93, 74, 92, 94, 96), (84, 88, 93, 98, 97, 82, 68, 85, 87, 89),
    (79, 84, 90, 95, 92, 78, 62, 81, 83, 85), (71, 74, 80, 86, 83, 70, 55, 72, 74, 76),
)  # fmt: skip
MEAN = [13.1, 13.6, 14.3, 14.9, 14.6, 13.3, 12.4, 12.9, 13.4, 13.8, 13.6, 14.1]
FITS = [13.9, 13.5, 13.2, 13.1, 13.4, 14.3, 16.8, 14.0, 14.3, 14.4, 14.6, 14.6]
PAST = [11.2, 11.6, 11.1, 11.9, 12.0, 11.5, 11.8, 12.3, 11.7, 12.2, 11.8]
PAST += [12.1, 12.6, 11.9, 12.3, 12.9, 12.2, 12.7, 13.1, 12.8, 13.2, 12.9]
ITEMS = (
    ("SD-400", "Servo drive 400 W", 910, 304, 700, (0, 0, 2800, 0, 2520, 0, 0, 0, 2800, 0), 1.9),
    ("PP-50", "Pump 50 m³/h", 152, 60, 80, (0, 0, 0, 368, 0, 256, 0, 0, 0, 240), 1.21),
    ("GM-60", "Gear motor 60", 1100, 400, 505, (0, 0, 1950, 0, 0, 1700, 0, 0, 0, 1600), 0.96),
    ("SD-750", "Servo drive 750 W", 1840, 400, 402, (0, 0, 0, 0, 1360, 0, 0, 1360, 0, 0), 0.34),
)
NAMES = ("expedite", "expedite", "expedite", "increase", "de_expedite", "below_safety", "past_due")


def _kpi(metric: str, value: float | None, unit: str, **more: Any) -> Row:
    blank: Row = dict.fromkeys(("reference", "delta", "subject", "day", "count"))
    return {"metric": metric, "value": value, "unit": unit, "status": "ok", "series": []} | blank | more


def kpi_rows() -> list[Row]:
    return [
        _kpi("plan_attainment", 0.962, "ratio", reference=0.97, delta=-0.008, series=[0.97, 0.965, 0.962, 0.96]),
        _kpi("expected_demand", 55.9 * M, "money", reference=54.0 * M, delta=0.035, series=[m * M for m in MEAN]),
        _kpi("utilisation", 1.14, "ratio", subject="Assembly A", day=MONDAY + timedelta(weeks=3), count=128.0,
             status="crit", series=[load / 100 for load in LOADS[2]]),
        _kpi("forecast_error", 0.041, "ratio", reference=0.048, delta=-0.007, series=[0.06, 0.05, 0.03, 0.04]),
        _kpi("late_orders", 14, "count", count=212, status="warn", series=[10, 11, 12, 14]),
    ]  # fmt: skip


def early_rows() -> list[Row]:
    units = {"plan_attainment": "ratio", "expected_demand": "money", "utilisation": "ratio", "forecast_error": "ratio"}
    return [_kpi(name, None, unit) for name, unit in units.items()] + [_kpi("late_orders", 0, "count", count=3)]


def fan_rows() -> list[Row]:
    blank: Row = dict.fromkeys(("actual", "mean", "lo80", "hi80", "lo95", "hi95", "capacity", "last_year"))
    before = [blank | {"week_start": MONDAY - timedelta(weeks=22 - n), "actual": y * M} for n, y in enumerate(PAST)]
    ahead = [
        blank | {"week_start": MONDAY + timedelta(weeks=n), "mean": mean * M, "capacity": fits * M}
        | {"lo80": (mean - 0.9) * M, "hi80": (mean + 0.9) * M, "lo95": (mean - 1.7) * M, "hi95": (mean + 1.7) * M}
        for n, (mean, fits) in enumerate(zip(MEAN, FITS, strict=True))
    ]  # fmt: skip
    return before + ahead


def load_rows() -> list[Row]:
    return [
        {"work_center_id": f"w{place}", "work_center": center, "week_start": MONDAY + timedelta(weeks=week),
         "required_hours": float(load), "available_hours": 100.0, "utilisation": load / 100}
        for place, (center, loads) in enumerate(zip(CENTERS, LOADS, strict=True)) for week, load in enumerate(loads)
    ]  # fmt: skip


def schedule_rows() -> list[Row]:
    found = []
    for sku, name, held, safety, need, comes, _ in ITEMS:
        left, lines = float(held), []
        for week, come in enumerate(comes):
            left += come - need
            lines.append((week, come, left))
        least = min(left for *_, left in lines)
        deepest = next(week for week, _, left in lines if left == least)
        same = {
            "product_id": f"erp:{sku}", "sku": sku, "name": name, "category": "Servo drives", "on_hand": float(held),
            "safety_stock": float(safety), "tightness": 2 if least < 0 else 1, "run_out_date": None,
            "short_quantity": max(-least, 0.0), "short_week": MONDAY + timedelta(weeks=deepest),
            "low_from": MONDAY, "deal_quantity": 0.0, "dependent_demand": 0.0, "scheduled_receipts": 0.0, "atp": None,
        }  # fmt: skip
        found += [
            same | {"week_start": MONDAY + timedelta(weeks=week), "forecast": float(need), "customer_orders": need / 2,
                    "planned_receipts": float(come), "projected_available": left}
            for week, come, left in lines
        ]  # fmt: skip
    return found


def message_rows() -> list[Row]:
    return [
        {
            "rank": place + 1, "kind": kind, "product_id": f"erp:{ITEMS[place % 4][0]}", "sku": ITEMS[place % 4][0],
            "name": ITEMS[place % 4][1], "category": "Servo drives", "document_id": f"d{place}",
            "document_no": None if kind == "below_safety" else f"PO 45-{1182 + place}", "due_date": date(2026, 12, 14),
            "wanted_date": date(2026, 11, 30), "quantity": 2800.0, "reason": "needed_earlier",
            "value_at_risk": 0.0 if kind == "de_expedite" else ITEMS[place % 4][6] * M,
            "value_tied": 0.41 * M if kind == "de_expedite" else 0.0, "item_at_risk": ITEMS[place % 4][6] * M,
            "orders_waiting": 7 - place, "supply": "buy",
        }
        for place, kind in enumerate(NAMES)
    ]  # fmt: skip


def results(result: Any) -> dict[str, Any]:
    return {
        "production_kpis": result(kpi_rows()),
        "fan": result(fan_rows()),
        "load": result(load_rows()),
        "schedule": result(schedule_rows()),
        "messages": result(message_rows()),
    }


def empty(result: Any) -> dict[str, Any]:
    """Nothing is planned; no work centre is known."""
    return results(result) | {name: result([]) for name in ("load", "schedule", "messages", "fan")}


def first_run(result: Any) -> dict[str, Any]:
    """The third day: a rough forecast, no band, no load yet."""
    bare = dict.fromkeys(("lo80", "hi80", "lo95", "hi95", "capacity"))
    return {
        "production_kpis": result(early_rows(), early_estimate=3),
        "fan": result([row | bare for row in fan_rows()[20:]], early_estimate=3),
        "load": result([row | {"required_hours": 0.0, "utilisation": 0.0} for row in load_rows()]),
        "schedule": result([row | {"tightness": 0} for row in schedule_rows()]),
        "messages": result([]),
    }
