"""Results of the scene "inventory" for the same invented company: figures that add up with those of scene "today"."""

from __future__ import annotations

from datetime import date
from typing import Any

from data_access.result import Result

M = 1e6
Row = dict[str, Any]
SALES = [100, 97, 99, 104, 102, 105, 103, 106, 104, 107, 106, 108.1]
STOCK = [100, 103, 105, 106, 104, 103, 101, 99, 98, 96, 95, 93.4]
WAREHOUSES = {"SU": "Suzhou", "CD": "Chengdu", "GZ": "Guangzhou", "TJ": "Tianjin"}
COVERS = {
    "Servo drives": (1.9, 7.4, 5.2, 6.1),
    "Gear motors": (5.1, 8.8, 6.9, 4.3),
    "Process pumps": (6.4, 7.9, 2.2, 9.3),
    "Actuators": (5.6, 6.8, 7.7, 5.0),
    "Controllers": (4.1, 6.9, 5.8, 6.2),
    "Valves": (7.8, 6.5, 8.4, 6.6),
    "Spares & seals": (16.9, 18.4, 17.2, 18.8),
}
UP = [11.6, 11.9, 12.1, 12.0, 12.1, 12.3, 12.2, 12.5, 12.6, 12.8, 12.5, 12.7, 12.7, 13.0]
DOWN = [57.2, 56.5, 57.1, 56.9, 56.5, 56.3, 55.7, 55.4, 55.7, 55.1, 55.0, 54.9, 53.5, 53.8]
DEALS = [1.1, 2.4, 3.0, 2.2, 3.6, 2.9, 2.3, 2.1]
AHEAD = [0.2, 1.1, 2.0, 1.4, 0.7, 0.34, 0.0]


def _kpi(metric: str, value: float | None, **more: Any) -> Row:
    names = ("delta", "share", "count", "count2", "money2", "days")
    rest: Row = {"unit": "money", "status": "ok", "series": []}
    return {"metric": metric, "value": value, **rest, **dict.fromkeys(names), **more}


def kpi_rows(at_risk: float = 5.74) -> list[Row]:
    bad = "crit" if at_risk else "ok"
    return [
        _kpi("sales_week", 13.0 * M, delta=0.024, series=UP),
        _kpi("inventory_value", 53.76 * M, days=44.2, series=DOWN),
        _kpi("at_risk", at_risk * M, count=6 if at_risk else 0, status=bad, series=AHEAD if at_risk else []),
        _kpi("over_10_weeks", 8.7 * M, share=0.11),
        _kpi("deals", 19.6 * M, series=DEALS),
        _kpi("short", 3.17 * M, count=9, status="crit"),
        _kpi("campaigns", 2, unit="count", money2=0.7 * M, count2=4, status="crit"),
        _kpi("old", 6.2 * M, share=0.12),
    ]


def month_rows() -> list[Row]:
    days = [date(2025 + (12 + i) // 13, (11 + i) % 12 + 1, 23) for i in range(12)]
    return [
        {"day": day, "booked": sold * 1.6 * M, "stock_cost": held * 0.57 * M}
        for day, sold, held in zip(days, SALES, STOCK, strict=True)
    ]


def place_rows() -> list[Row]:
    return [
        {
            "category": category,
            "warehouse": code,
            "warehouse_name": WAREHOUSES[code],
            "stock_cost": 1.5 * M,
            "weekly_sales": (9 - place) * 0.1 * M,
            "cover_weeks": weeks,
            "short_items": 0,
            "items": 12,
        }
        for category, covers in COVERS.items()
        for place, (code, weeks) in enumerate(zip(WAREHOUSES, covers, strict=True))
    ]


NEXT = (
    "kind",
    "sku",
    "name",
    "money",
    "quantity",
    "day",
    "count",
    "customer",
    "from_warehouse",
    "to_warehouse",
    "taker",
)


def _next(place: int, *values: Any) -> Row:
    return dict(zip(NEXT, values, strict=True)) | {"product_id": f"erp:{values[1]}", "category": "–", "place": place}


def next_rows() -> list[Row]:
    first, third = "Halden Robotics", ("Chengdu hub", "Suzhou plant")
    day = date(2026, 12, 14)
    return [
        _next(1, "expedite", "SD-400", "Servo drive 400 W", 1.9 * M, 900.0, day, 7, first, None, None, None),
        _next(2, "expedite", "PP-50", "Pump 50 m³/h", 1.21 * M, 150.0, day, 4, "Meridian Foods", None, None, None),
        _next(1, "offer", "SP-K", "Seal kits", 1.1 * M, 5000.0, None, 31, None, None, None, "service"),
        _next(1, "transfer", "GM-60", "Gear motor 60", 0.62 * M, 420.0, None, None, None, *third, None),
    ]


def speed_rows(runway: list[Row]) -> list[Row]:
    """Every item of the runway; the fast ones make 80 % of the sales."""
    rows = sorted(runway, key=lambda row: -row["weekly_sales"])
    total, so_far, made = sum(row["weekly_sales"] for row in rows), 0.0, []
    for row in rows:
        made.append(row | {"is_fast": so_far < 0.8 * total})
        so_far += row["weekly_sales"]
    return sorted(made, key=lambda row: -row["stock_value"])


def results(result: Any, runway: list[Row]) -> dict[str, Result]:
    """Read function -> Result, a normal day."""
    return {
        "inventory_kpis": result(kpi_rows()),
        "speed_cover": result(speed_rows(runway), ("erp",)),
        "month_index": result(month_rows(), ("erp",)),
        "warehouse_cover": result(place_rows(), ("erp",)),
        "do_next": result(next_rows()),
    }


def empty(result: Any, runway: list[Row]) -> dict[str, Result]:
    """Nothing at risk, nothing lies in a warehouse, nothing to do."""
    calm = [row | {"at_risk": 0.0} for row in speed_rows(runway)]
    nothing = {name: result([], ("erp",)) for name in ("month_index", "warehouse_cover", "do_next")}
    return {"inventory_kpis": result(kpi_rows(0.0)), "speed_cover": result(calm, ("erp",)), **nothing}


def first_run(result: Any, runway: list[Row]) -> dict[str, Result]:
    """The third day: no trend, no certain risk."""
    days = {"early_estimate": 3}
    kpis = [row | {"series": [], "delta": None} for row in kpi_rows(0.0)]
    kpis[0] = kpis[0] | {"value": None}
    speed = [row | {"at_risk": 0.0} for row in speed_rows(runway)]
    return {
        "inventory_kpis": result(kpis, **days),
        "speed_cover": result(speed, ("erp",), **days),
        "month_index": result([], ("erp",), **days),
        "warehouse_cover": result(place_rows(), ("erp",), **days),
        "do_next": result([row for row in next_rows() if row["kind"] == "transfer"], **days),
    }
