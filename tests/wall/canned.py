"""Results as the read functions give them, with the figures of one invented company: the wall's test picture."""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd

from data_access.result import Result
from tests.wall import canned_inventory, canned_production, canned_sync

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 6, 32, tzinfo=UTC)  # 14:32 in Shanghai
COMPANY = SimpleNamespace(name="Kaichuan Motion", currency="CNY", timezone="Asia/Shanghai", language="en")
COMPANY_ZH = SimpleNamespace(name="凯川传动", currency="CNY", timezone="Asia/Shanghai", language="zh")
BOTH, ERP, CRM = ("crm", "erp"), ("erp",), ("crm",)
M = 1e6

COMPANY_FILE = Path(__file__).with_name("company.toml")
DATA: dict[str, Any] = tomllib.loads(COMPANY_FILE.read_text(encoding="utf-8"))
ZH: dict[str, str] = DATA["zh"]
Row = dict[str, Any]


def result(rows: list[Row], sources: tuple[str, ...] = BOTH, **notes: Any) -> Result:
    return Result(pd.DataFrame(rows), NOW - timedelta(minutes=4), sources, 12, notes={"today": TODAY, **notes})


def item(category: str, n: int, name: str, sales: float, cover: float, *risk: float) -> Row:
    """One product; risk: money at risk, gap from, gap to, orders waiting."""
    at_risk, start, end, orders = risk or (0.0, None, None, 0)
    return {
        "category": category,
        "product_id": f"erp:{category}:{n}",
        "sku": f"SKU-{n}",
        "name": name,
        "weekly_sales": sales * M,
        "stock_value": sales * cover * M,
        "on_hand": sales * cover * 100,
        "cover_weeks": cover,
        "cover_weeks_deals": cover * 0.85,
        "run_out_date": TODAY + timedelta(days=round(cover * 7)),
        "next_receipt_date": None if end is None else TODAY + timedelta(days=round(end * 7)),
        "next_receipt_quantity": None if end is None else 100.0,
        "gap_weeks_from": start,
        "gap_weeks_to": end,
        "at_risk": at_risk * M,
        "orders_waiting": orders,
        "deals_waiting": 0,
        "over_10_weeks_value": max(0.0, cover - 10) * sales * M,
    }


def runway_rows() -> list[Row]:
    rows = []
    for lane in DATA["lane"]:
        rows += [item(lane["name"], i, *known) for i, known in enumerate(lane["items"])]
        count, sales, cover = lane.get("rest", (0, 0.0, 0.0))
        rows += [item(lane["name"], 100 + i, f"{lane['name']} {i}", sales / count, cover) for i in range(count)]
    return rows


def lane_rows() -> list[Row]:
    rows = []
    for lane in DATA["lane"]:
        mine = [row for row in runway_rows() if row["category"] == lane["name"]]
        sales, stock = sum(row["weekly_sales"] for row in mine), sum(row["stock_value"] for row in mine)
        rows.append(
            {
                "category": lane["name"],
                "weekly_sales": sales,
                "stock_value": stock,
                "cover_weeks": stock / sales,
                "cover_weeks_deals": lane["deals"],
                "at_risk": sum(row["at_risk"] for row in mine),
                "items": len(mine),
                "over_10_weeks_value": lane["over_10_weeks"] * M,
            }
        )
    return rows


def risk_rows() -> list[Row]:
    return sorted((row for row in runway_rows() if row["at_risk"] > 0), key=lambda row: -row["at_risk"])


KPI = ("metric", "value", "unit", "reference_kind", "reference", "delta", "series")
KPI_REST: Row = {"delta2_kind": None, "delta2": None, "plan_to_date": None, "plan_period": None, "status": "ok"}


def kpi(*values: Any, **more: Any) -> Row:
    padded = [*values, *[None] * (len(KPI) - len(values))]
    row = dict(zip(KPI, padded, strict=True)) | KPI_REST | {"fallback": None, "days_of_data": 400} | more
    return row | {"series": row["series"] or []}


def kpi_rows() -> list[Row]:
    up, down = DATA["kpi"]["up"], DATA["kpi"]["down"]
    plan = {"delta2_kind": "last_year", "delta2": 0.081, "plan_to_date": 40.4 * M, "plan_period": 54 * M}
    return [
        kpi("revenue", 41.6 * M, "money", "plan", 40.4 * M, 0.030, **plan),
        kpi("booked", 44.1 * M, "money", "of_revenue", 1.06, None, up),
        kpi("gross_margin", 0.342, "ratio", "plan", 0.336, 0.006, up),
        kpi("on_time", 0.934, "ratio", "target", 0.95, -0.016, down, status="warn"),
        kpi("inventory_value", 53.76 * M, "money", "cover_days", 44, None, down),
        kpi("pipeline_weighted", 62.8 * M, "money", "of_plan", 1.9, None, up),
        kpi("ar_overdue", 7.9 * M, "money", "of_ar", 0.116, None, down),
        kpi("csat", 4.5, "score", "replies", 214, None, up),
    ]


def customer_rows() -> list[Row]:
    return [
        {
            "customer_id": f"erp:{name}",
            "name": name,
            "revenue": sold * M,
            "revenue_last_year": sold * M / (1 + change),
            "change": change,
            "share": sold / 41.6,
            "total_revenue": 41.6 * M,
        }
        for name, (sold, change) in DATA["customers"].items()
    ]


def feed_rows() -> list[Row]:
    rows = []
    for ago, system, kind, name, amount in (line["row"] for line in DATA["feed"]):
        at = pd.Timestamp(NOW - timedelta(minutes=ago))
        row: Row = {"happened_at": at, "system": system, "kind": kind, "name": name, "amount": amount * M}
        rows.append(row | {"customer_id": f"erp:{ago}", "order_id": f"erp:{ago}" if kind == "order" else None})
    return rows


def forecast_rows() -> list[Row]:
    known = DATA["forecast"]
    rows = []
    for i, last_year in enumerate(known["last_year"]):
        ahead = i - len(known["past"])
        row: Row = {"week_start": date(2026, 8, 31) + timedelta(weeks=i), "last_year": last_year * M, "capacity": None}
        row |= dict.fromkeys(("actual", "mean", "lo80", "hi80"))
        if ahead < 0:
            row["actual"] = known["past"][i] * M
        else:
            mean, half = known["mean"][ahead], 0.6 + 0.1 * ahead
            row |= {"mean": mean * M, "lo80": (mean - half) * M, "hi80": (mean + half) * M}
        rows.append(row)
    return rows


ALERT = ("severity", "code", "subject", "figure", "date1", "date2", "count")


def alert(*values: Any) -> Row:
    return dict(zip(ALERT, [*values, *[None] * (len(ALERT) - len(values))], strict=True))


def alert_rows() -> list[Row]:
    return [
        alert("crit", "stockout", "SD-400", 1.9 * M, date(2026, 12, 2), date(2026, 12, 14), 7),
        alert("crit", "stockout", "PU-50", 1.21 * M, date(2026, 12, 6), None, 4),
        alert("warn", "overdue_receipt", "PC-7", 0.99 * M, date(2026, 11, 9), None, 5),
        alert("warn", "customer_falling", "Orion Packaging", -0.061, date(2026, 12, 9)),
        alert("warn", "contract_due", "Suntai Chemical", 2.4 * M, date(2026, 12, 31)),
        alert("warn", "ticket_surge", "Gear motor 60", 3.4, None, None, 6),
        alert("info", "unconverted", "BRL", None, None, None, 3),
    ]


def results() -> dict[str, Result]:
    """Read function -> Result, a normal day."""
    return {
        "today_kpis": result(kpi_rows()),
        "runway": result(runway_rows()),
        "runway_lanes": result(lane_rows()),
        "top_customers": result(customer_rows(), ERP),
        "feed": result(feed_rows()),
        "stockout_risk": result(risk_rows()),
        "forecast": result(forecast_rows(), model="theta_damped", coverage80=0.81, wape=0.12),
        "alerts": result(alert_rows()),
        **canned_inventory.results(result, runway_rows()),
        **canned_production.results(result),
        **canned_sync.results(result),
    }


def empty() -> dict[str, Result]:
    """Nothing at risk, no customers this month, no alerts."""
    calm = {"at_risk": 0.0, "gap_weeks_from": None, "gap_weeks_to": None}
    return results() | {
        "runway": result([row | calm for row in runway_rows()]),
        "runway_lanes": result([row | {"at_risk": 0.0} for row in lane_rows()]),
        "stockout_risk": result([item("Spares & seals", 7, "Encoder kit", 0.05, 6.4)]),
        "top_customers": result([], ERP),
        "feed": result([]),
        "forecast": result([]),
        "alerts": result([]),
        **canned_inventory.empty(result, runway_rows()),
        **canned_production.empty(result),
        **canned_sync.empty(result),
    }


def first_run() -> dict[str, Result]:
    """The third day of data: no plan, no last year, no survey, no certain risk."""
    days = {"early_estimate": 3}
    three = [1.92, 2.21, 2.07]
    kpis = [
        kpi("revenue", 6.2 * M, "money", "none", fallback="no_plan"),
        kpi("booked", 7.1 * M, "money", "of_revenue", 1.15, None, three),
        kpi("gross_margin", 0.338, "ratio", "none", None, None, three, fallback="first_days"),
        kpi("on_time", None, "ratio", "target", 0.95, fallback="no_due"),
        kpi("inventory_value", 54.6 * M, "money", "none", None, None, three, fallback="first_days"),
        kpi("pipeline_weighted", 61.3 * M, "money", "none", None, None, three, fallback="crm_probability"),
        kpi("ar_overdue", 8.2 * M, "money", "of_ar", 0.12, None, three),
        kpi("csat", 3.1, "count", "none", None, None, three, fallback="no_survey"),
    ]
    certain = {"at_risk": 0.0, "gap_weeks_from": None, "gap_weeks_to": None}
    lowest = sorted((row | certain for row in runway_rows()), key=lambda row: row["cover_weeks"])[:6]
    weeks = [row | {"last_year": None} for row in forecast_rows()[10:]]
    soon = (("trends", 30), ("on_time", 26), ("money_at_risk", 28))
    return results() | {
        "today_kpis": result([row | {"days_of_data": 3} for row in kpis], next_due_date=date(2026, 11, 26)),
        "runway": result(runway_rows(), **days),
        "stockout_risk": result(lowest, **days),
        "top_customers": result(
            [row | {"revenue_last_year": None, "change": None} for row in customer_rows()], ERP, **days
        ),
        "forecast": result(weeks, model="early_rate", **days),
        "alerts": result([alert("info", "first_days", name, None, date(2026, 11, day)) for name, day in soon], **days),
        **canned_inventory.first_run(result, runway_rows()),
        **canned_production.first_run(result),
        **canned_sync.first_run(result),
    }


NAMES = ("name", "category", "subject", "customer", "warehouse_name", "from_warehouse", "to_warehouse", "work_center")


def names() -> set[str]:
    """Every text of people in a normal day's Results."""
    frames = [value.frame for value in results().values()]
    return {str(text) for frame in frames for column in NAMES if column in frame for text in frame[column]}


def renamed(given: Mapping[str, Result], new: Mapping[str, str]) -> dict[str, Result]:
    """The same rows under other names."""
    made = {}
    for key, value in given.items():
        frame = value.frame.copy()
        for column in NAMES:
            if column in frame:
                frame[column] = [new.get(text, text) for text in frame[column]]
        made[key] = dataclasses.replace(value, frame=frame)
    return made


HOSTILE = "<img src=x onerror=alert(1)><b>bold</b> & <a href='javascript:alert(1)'>link</a> $x^2$ {name} %{y}"


def hostile() -> dict[str, Result]:
    """People's text that tries to be markup, in every place a name can stand."""
    return renamed(results(), {name: HOSTILE + name for name in names()})


def long_names() -> dict[str, Result]:
    """Names as long as real ones get."""
    tail = " Internationale Handelsgesellschaft für Antriebstechnik mbH & Co. KG"
    return renamed(results(), {name: name + tail for name in names()})
