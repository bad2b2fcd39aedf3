"""The company's CRM, built in Jiandaoyun the way its users build one: forms with Chinese labels, lines as subforms."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from tests.simulator.entities import Company, Entity
from tests.simulator.jdy_form import SYSTEM, Fields, instant
from tests.simulator.jiandaoyun import Jiandaoyun
from tests.simulator.store import Row
from tests.simulator.truth import OWNERS, STAGES, TITLES, Truth

APP = "客户关系管理"
ITEM = {"产品编号": "text", "产品名称": "text", "数量": "number", "单价": "number", "金额": "number"}
FORMS: dict[str, tuple[str, Fields]] = {
    "customer": (
        "客户",
        {"客户编号": "text", "客户名称": "text", "税号": "text", "电话": "phone", "网址": "text", "地区": "address"}
        | {"行业": "combo", "负责人": "user", "状态": "radiogroup"},
    ),
    "contact": (
        "联系人",
        {"联系人编号": "text", "姓名": "text", "客户": "lookup", "客户编号": "text", "手机": "phone"}
        | {"邮箱": "text", "职位": "text"},
    ),
    "opportunity": (
        "商机",
        {
            "商机编号": "text",
            "商机名称": "text",
            "客户": "lookup",
            "客户编号": "text",
            "阶段": "combo",
            "赢率": "number",
        }
        | {
            "预计金额": "number",
            "创建日期": "datetime",
            "预计成交日期": "datetime",
            "负责人": "user",
            "商机明细": ITEM,
        },
    ),
    "contract": (
        "合同",
        {"合同编号": "text", "客户": "lookup", "客户编号": "text", "合同金额": "number", "开始日期": "datetime"}
        | {"结束日期": "datetime", "合同状态": "combo"},
    ),
    "activity": (
        "跟进记录",
        {"跟进编号": "text", "客户": "lookup", "客户编号": "text", "商机编号": "text", "跟进方式": "combo"}
        | {"跟进时间": "datetime", "跟进内容": "textarea", "跟进人": "user"},
    ),
    "ticket": (
        "工单",
        {"工单编号": "text", "客户": "lookup", "客户编号": "text", "订单编号": "text", "产品编号": "text"}
        | {"优先级": "combo", "状态": "combo", "主题": "text", "提交时间": "datetime", "关闭时间": "datetime"}
        | {"满意度": "number"},
    ),
    "campaign": (
        "市场活动",
        {"活动编号": "text", "活动名称": "text", "开始日期": "datetime", "结束日期": "datetime", "预算": "number"}
        | {"活动状态": "combo", "推广产品": {"产品编号": "text", "计划数量": "number", "折扣": "number"}},
    ),
}
ALIASES = {"opportunity": {"商机编号": "opportunity_no", "商机明细": "items", "商机明细/产品编号": "sku"}}


class FormEntity(Entity):
    key = "_id"

    def __init__(self, *args: Any, lines: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines

    def values(self, row: Row) -> Row:
        kept = {label: value for label, value in row.items() if label not in ("_id", *SYSTEM)}
        if self.lines:
            kept[self.lines] = [{c: v for c, v in line.items() if c != "_id"} for line in row.get(self.lines) or []]
        return kept

    def change_line(self, rng: random.Random) -> Any:
        row = rng.choice([row for row in self.rows() if row.get(self.lines)])
        changed = rng.randrange(len(row[self.lines]))
        assert self.alter_line is not None
        fresh = self.alter_line(rng)
        lines = [{**line, **fresh} if at == changed else line for at, line in enumerate(row[self.lines])]
        self.source.update(row["_id"], {self.lines: lines})
        return row["_id"]


class LineEntity(Entity):
    """The rows of a subform, each with the id of the row it stands in as `parent`."""

    key = "_id"

    def __init__(self, source: Any, lines: str) -> None:
        super().__init__(source)
        self.lines = lines

    def rows(self) -> list[Row]:
        return [{**line, "parent": row["_id"]} for row in self.source.rows for line in row.get(self.lines) or []]


def load_jiandaoyun(jdy: Jiandaoyun, truth: Truth) -> Company:
    """Loaded as one batch: no push goes out."""
    forms = {entity: jdy.form(APP, name, fields, ALIASES.get(entity)) for entity, (name, fields) in FORMS.items()}
    ids = dict(zip((c["no"] for c in truth.customers), forms["customer"].insert_many(_customers(truth)), strict=True))
    products = {product["sku"]: product for product in truth.products}

    def who(row: Row) -> Row:
        return {"客户": ids[row["customer"]], "客户编号": row["customer"]}

    forms["contact"].insert_many(
        {"联系人编号": c["no"], "姓名": c["name"], **who(c), "手机": phone(c["mobile"]), "邮箱": c["email"]}
        | {"职位": c["title"]}
        for c in truth.contacts
    )
    forms["opportunity"].insert_many(
        {"商机编号": o["no"], "商机名称": o["name"], **who(o), "阶段": o["stage"], "赢率": o["probability"]}
        | {"预计金额": o["amount"], "创建日期": day(o["created"]), "预计成交日期": day(o["close"])}
        | {"负责人": member(o["owner"]), "商机明细": [_item(line, products) for line in o["lines"]]}
        for o in truth.opportunities
    )
    forms["contract"].insert_many(
        {"合同编号": c["no"], **who(c), "合同金额": c["amount"], "开始日期": day(c["start"])}
        | {"结束日期": day(c["end"]), "合同状态": c["status"]}
        for c in truth.contracts
    )
    forms["activity"].insert_many(
        {"跟进编号": a["no"], **who(a), "商机编号": a["opportunity"], "跟进方式": a["kind"], "跟进时间": day(a["date"])}
        | {"跟进内容": a["text"], "跟进人": member(a["owner"])}
        for a in truth.activities
    )
    forms["ticket"].insert_many(
        {"工单编号": t["no"], **who(t), "订单编号": t["order"], "产品编号": t["sku"], "优先级": t["priority"]}
        | {"状态": "已关闭" if t["closed"] else "处理中", "主题": t["subject"], "提交时间": day(t["opened"])}
        | {"关闭时间": day(t["closed"]), "满意度": t["score"]}
        for t in truth.tickets
    )
    forms["campaign"].insert_many(
        {"活动编号": c["no"], "活动名称": c["name"], "开始日期": day(c["start"]), "结束日期": day(c["end"])}
        | {"预算": c["budget"], "活动状态": c["status"], "推广产品": [_planned(line) for line in c["lines"]]}
        for c in truth.campaigns
    )
    return Company(jdy, _entities(forms))


def _entities(forms: dict[str, Any]) -> dict[str, Entity]:
    return {
        "customer": FormEntity(forms["customer"], "客户编号", lambda r: {"负责人": member(r.choice(OWNERS))}),
        "contact": FormEntity(forms["contact"], "联系人编号", lambda r: {"职位": r.choice(TITLES)}),
        "opportunity": FormEntity(
            forms["opportunity"],
            "商机编号",
            lambda r: dict(zip(("阶段", "赢率"), r.choice(STAGES), strict=True)),
            lambda r: {"数量": r.randint(1, 90)},
            lines="商机明细",
        ),
        "opportunity_line": LineEntity(forms["opportunity"], "商机明细"),
        "contract": FormEntity(forms["contract"], "合同编号", lambda r: {"合同金额": float(r.randrange(10**6))}),
        "activity": FormEntity(forms["activity"], "跟进编号", lambda r: {"跟进内容": f"第{r.randint(2, 99)}次跟进"}),
        "ticket": FormEntity(forms["ticket"], "工单编号", lambda r: {"满意度": r.randint(1, 5), "状态": "已关闭"}),
        "campaign": FormEntity(
            forms["campaign"],
            "活动编号",
            lambda r: {"预算": float(r.randrange(10**5))},
            lambda r: {"计划数量": r.randint(1, 500)},
            lines="推广产品",
        ),
        "campaign_product": LineEntity(forms["campaign"], "推广产品"),
    }


def _customers(truth: Truth) -> list[Row]:
    return [
        {"客户编号": c["no"], "客户名称": c["name"], "税号": c["tax_id"], "电话": phone(c["phone"])}
        | {"网址": f"www.{c['domain']}", "行业": c["trade"], "负责人": member(c["owner"])}
        | {"地区": {"province": c["province"], "city": c["city"], "district": "", "detail": ""}}
        | {"状态": "正常" if c["active"] else "停用"}
        for c in truth.customers
    ]


def _item(line: Row, products: dict[str, Row]) -> Row:
    amount = round(line["quantity"] * line["price"], 2)
    named = {"产品编号": line["sku"], "产品名称": products[line["sku"]]["name"]}
    return named | {"数量": line["quantity"], "单价": line["price"], "金额": amount}


def _planned(line: Row) -> Row:
    return {"产品编号": line["sku"], "计划数量": line["quantity"], "折扣": line["discount"]}


def day(value: date | None) -> str | None:
    """A date field keeps midnight in China, which is 16:00 UTC of the day before."""
    if value is None:
        return None
    return instant(datetime.combine(value, time.min, ZoneInfo("Asia/Shanghai")).astimezone(UTC))


def phone(number: str) -> Row:
    return {"phone": number, "verified": False}


def member(username: str) -> Row:
    return {
        "name": username,
        "username": username,
        "status": 1,
        "type": 0,
        "departments": [1],
        "integrate_id": username,
    }
