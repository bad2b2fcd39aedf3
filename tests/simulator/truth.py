"""The small company that every simulated system is filled with: plain rows, the same for the same seed."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

Row = dict[str, Any]

CITIES = (("江苏省", "苏州市"), ("浙江省", "杭州市"), ("广东省", "深圳市"), ("上海市", "上海市"), ("山东省", "青岛市"))
TRADES = ("机械", "电子", "汽车零部件", "包装", "自动化")
NAMES = ("恒", "瑞", "盛", "达", "华", "信", "东", "远", "宏", "泰")
PINYIN = dict(zip(NAMES, ("heng", "rui", "sheng", "da", "hua", "xin", "dong", "yuan", "hong", "tai"), strict=True))
SURNAMES, GIVEN = "王李张刘陈杨赵黄", ("伟", "芳", "娜", "敏", "静", "磊", "洋", "艳")
OWNERS = ("zhou.lei", "wu.min", "sun.hao")
STAGES = (("初步接洽", 10), ("需求确认", 30), ("方案报价", 50), ("商务谈判", 75), ("赢单", 100), ("输单", 0))
TITLES = ("采购经理", "工程师", "总经理")
CATEGORIES = ("直线模组", "减速机", "伺服电机", "联轴器")


@dataclass
class Truth:
    """Lists of rows by entity; references go by number (C001, P001, SO0001, ...), lines stand within their parent."""

    seed: int
    today: date
    customers: list[Row] = field(default_factory=list)
    contacts: list[Row] = field(default_factory=list)
    products: list[Row] = field(default_factory=list)
    orders: list[Row] = field(default_factory=list)
    purchases: list[Row] = field(default_factory=list)
    boms: list[Row] = field(default_factory=list)
    productions: list[Row] = field(default_factory=list)
    moves: list[Row] = field(default_factory=list)
    invoices: list[Row] = field(default_factory=list)
    opportunities: list[Row] = field(default_factory=list)
    contracts: list[Row] = field(default_factory=list)
    activities: list[Row] = field(default_factory=list)
    tickets: list[Row] = field(default_factory=list)
    campaigns: list[Row] = field(default_factory=list)


def make_truth(seed: int = 1, today: date = date(2026, 3, 1), orders: int = 130) -> Truth:
    """About 60 customers, 40 products and three lines an order."""
    rng = random.Random(seed)
    truth = Truth(seed, today)
    _parties(rng, truth)
    _products(rng, truth)
    _orders(rng, truth, orders)
    _supply(rng, truth)
    _selling(rng, truth)
    _service(rng, truth)
    return truth


def _parties(rng: random.Random, truth: Truth) -> None:
    for n in range(1, 61):
        first, second = NAMES[n % 10], NAMES[(n // 10 + 3 * n) % 10]
        province, city = CITIES[n % 5]
        truth.customers.append(
            {
                "no": f"C{n:03d}",
                "name": f"{city[:2]}{first}{second}{TRADES[n % 5]}有限公司{n}",
                "tax_id": f"91{rng.randrange(10**15, 10**16)}" if n % 4 else None,
                "phone": f"0512-{rng.randrange(10**7, 10**8)}",
                "domain": f"{PINYIN[first]}{PINYIN[second]}{n}.example",
                "province": province,
                "city": city,
                "trade": TRADES[n % 5],
                "owner": rng.choice(OWNERS),
                "active": n % 15 != 0,
            }
        )
    for n in range(1, 91):
        customer = truth.customers[n % 60]
        truth.contacts.append(
            {
                "no": f"K{n:03d}",
                "customer": customer["no"],
                "name": rng.choice(SURNAMES) + rng.choice(GIVEN),
                "mobile": f"13{rng.randrange(10**8, 10**9)}",
                "email": f"k{n}@{customer['domain']}",
                "title": rng.choice(TITLES),
            }
        )


def _products(rng: random.Random, truth: Truth) -> None:
    for n in range(1, 41):
        cost = rng.randrange(2_000, 90_000) / 100
        truth.products.append(
            {
                "sku": f"P{n:03d}",
                "name": f"{CATEGORIES[n % 4]} {n}",
                "category": CATEGORIES[n % 4],
                "cost": cost,
                "price": round(cost * 1.6, 2),
                "made": n <= 12,
                "active": n != 40,
            }
        )
    for n in range(1, 13):
        parts = rng.sample(range(12, 39), 3)
        lines = [{"sku": truth.products[p]["sku"], "quantity": rng.randint(1, 4)} for p in parts]
        truth.boms.append({"no": f"BOM{n:03d}", "sku": f"P{n:03d}", "lines": lines})


def _orders(rng: random.Random, truth: Truth, count: int) -> None:
    for n in range(1, count + 1):
        day = truth.today - timedelta(days=rng.randint(0, 400))
        old = (truth.today - day).days > 30
        status = rng.choices(("done", "open", "draft", "cancelled"), (80, 10, 2, 8) if old else (5, 70, 20, 5))[0]
        lines = _lines(rng, truth, rng.randint(1, 5))
        order = {"no": f"SO{n:04d}", "customer": rng.choice(truth.customers)["no"], "date": day, "status": status}
        order |= {"due": day + timedelta(days=rng.randint(7, 40)), "lines": lines, "amount": total(lines)}
        truth.orders.append(order)
        if status == "done":
            shipped = day + timedelta(days=rng.randint(3, 30))
            for at, line in enumerate(lines):
                truth.moves.append(_move(truth, "out", shipped, line, f"{order['no']}/{at}"))
            paid = rng.random() < 0.8
            invoice = {"no": f"INV{n:04d}", "order": order["no"], "customer": order["customer"], "date": shipped}
            due = shipped + timedelta(days=30)
            open_amount = 0.0 if paid else order["amount"]
            truth.invoices.append({**invoice, "due": due, "amount": order["amount"], "open": open_amount})


def _supply(rng: random.Random, truth: Truth) -> None:
    for n in range(1, 31):
        day = truth.today - timedelta(days=rng.randint(0, 200))
        received = (truth.today - day).days > 25
        bought = [p for p in truth.products if not p["made"]]
        lines = [
            {"sku": p["sku"], "quantity": rng.randint(10, 200), "price": p["cost"], "received": received}
            for p in rng.sample(bought, rng.randint(1, 3))
        ]
        expected = day + timedelta(days=20)
        purchase = {"no": f"PO{n:04d}", "supplier": f"供应商{n % 7 + 1}", "date": day, "expected": expected}
        truth.purchases.append(purchase | {"status": "done" if received else "open", "lines": lines})
        for at, line in enumerate(lines if received else ()):
            truth.moves.append(_move(truth, "in", expected, line, f"PO{n:04d}/{at}"))
    for n in range(1, 26):
        start = truth.today + timedelta(days=rng.randint(-90, 20))
        status = "done" if start < truth.today - timedelta(days=20) else rng.choice(("planned", "running"))
        made = {"no": f"MO{n:04d}", "sku": f"P{rng.randint(1, 12):03d}", "quantity": rng.randint(5, 60)}
        truth.productions.append(made | {"start": start, "due": start + timedelta(days=9), "status": status})


def _selling(rng: random.Random, truth: Truth) -> None:
    for n in range(1, 46):
        day = truth.today - timedelta(days=rng.randint(0, 200))
        stage, chance = rng.choice(STAGES)
        customer = rng.choice(truth.customers)
        lines = _lines(rng, truth, rng.randint(0, 3))
        truth.opportunities.append(
            {
                "no": f"O{n:04d}",
                "customer": customer["no"],
                "name": f"{customer['name']} 扩产项目",
                "stage": stage,
                "probability": chance,
                "amount": total(lines) or float(rng.randrange(10_000, 500_000)),
                "created": day,
                "close": day + timedelta(days=90),
                "owner": customer["owner"],
                "lines": lines,
            }
        )
    for n in range(1, 21):
        start = truth.today - timedelta(days=rng.randint(0, 360))
        contract = {"no": f"HT{n:04d}", "customer": rng.choice(truth.customers)["no"], "start": start}
        amount = float(rng.randrange(50_000, 900_000))
        truth.contracts.append({**contract, "end": start + timedelta(days=365), "amount": amount, "status": "执行中"})
    for n in range(1, 7):
        start = truth.today + timedelta(days=30 * n - 100)
        lines = [
            {"sku": p["sku"], "quantity": rng.randint(20, 300), "discount": rng.choice((0.05, 0.1))}
            for p in rng.sample(truth.products, 3)
        ]
        campaign = {"no": f"A{n:02d}", "name": f"市场活动{n}", "start": start, "end": start + timedelta(days=20)}
        truth.campaigns.append(campaign | {"budget": 20_000.0 * n, "status": "计划中", "lines": lines})


def _service(rng: random.Random, truth: Truth) -> None:
    for n in range(1, 81):
        opportunity = rng.choice(truth.opportunities)
        truth.activities.append(
            {
                "no": f"G{n:04d}",
                "customer": opportunity["customer"],
                "opportunity": opportunity["no"],
                "kind": rng.choice(("电话", "拜访", "微信", "邮件")),
                "date": truth.today - timedelta(days=rng.randint(0, 120)),
                "text": rng.choice(("讨论交期", "报价跟进", "样机测试")),
                "owner": opportunity["owner"],
            }
        )
    for n in range(1, 41):
        order = rng.choice(truth.orders)
        opened = truth.today - timedelta(days=rng.randint(0, 150))
        closed = opened + timedelta(days=4) if n % 3 else None
        ticket = {"no": f"T{n:04d}", "customer": order["customer"], "order": order["no"], "opened": opened}
        ticket |= {"closed": closed, "priority": rng.choice(("高", "中", "低")), "sku": order["lines"][0]["sku"]}
        truth.tickets.append(ticket | {"subject": "异响", "score": rng.randint(3, 5) if closed else None})


def _lines(rng: random.Random, truth: Truth, count: int) -> list[Row]:
    return [
        {"sku": product["sku"], "quantity": rng.randint(1, 30), "price": product["price"]}
        for product in rng.sample(truth.products, count)
    ]


def _move(truth: Truth, way: str, day: date, line: Row, origin: str) -> Row:
    moved = {"no": f"M{len(truth.moves) + 1:05d}", "way": way, "date": day, "sku": line["sku"]}
    return {**moved, "quantity": line["quantity"], "origin": origin}


def total(lines: list[Row]) -> float:
    return round(sum(line["quantity"] * line["price"] for line in lines), 2)
