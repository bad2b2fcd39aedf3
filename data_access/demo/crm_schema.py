"""The CRM's tables: another vendor, other habits.

Text ids, prefixed names, money as decimal text (the same in every database; SQLite would make a float of a DECIMAL), a
`deleted` flag, timestamps in UTC with milliseconds.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Date, DateTime, Index, Integer, MetaData, SmallInteger, String, Table
from sqlalchemy.dialects import mysql

from data_access.demo.erp_schema import MYSQL

META = MetaData()
Stamp = DateTime().with_variant(mysql.DATETIME(fsp=3), "mysql", "mariadb")


def table(name: str, key: str, *columns: Column[Any], index: tuple[str, ...] = ()) -> Table:
    head: list[Column[Any]] = [Column(key, String(36), primary_key=True)]
    found: Table = Table(
        name,
        META,
        *head,
        *columns,
        Column("deleted", SmallInteger),
        Column("created_on", Stamp),
        Column("modified_on", Stamp),
        **MYSQL,
    )
    for column in (*index, "modified_on"):
        Index(f"ix_{name}_{column}", found.c[column])
    return found


def text(*names: str, length: int = 120) -> list[Column[Any]]:
    return [Column(name, String(length)) for name in names]


def ids(*names: str) -> list[Column[Any]]:
    return text(*names, length=36)


def codes(*names: str) -> list[Column[Any]]:
    return text(*names, length=40)


def days(*names: str) -> list[Column[Any]]:
    return [Column(name, Date) for name in names]


def stamps(*names: str) -> list[Column[Any]]:
    return [Column(name, Stamp) for name in names]


ACCOUNT = table(
    "crm_account",
    "account_id",
    *text("account_name"),
    *codes("tax_identifier", "country_code", "state_province", "city", "industry", "owner_name"),
    *text("email_address"),
    *codes("main_phone"),
    Column("is_active", SmallInteger),
)
CONTACT = table(
    "crm_contact", "contact_id", *ids("account_id"), *text("full_name", "email_address"), *codes("mobile_phone")
)
LEAD = table(
    "crm_lead",
    "lead_id",
    *ids("account_id"),
    *text("topic"),
    *codes("owner_name", "lead_status", "currency_code", "estimated_value"),
    *days("expected_close"),
)
OPPORTUNITY = table(
    "crm_opportunity",
    "opportunity_id",
    *ids("account_id"),
    *text("topic"),
    *codes("owner_name", "sales_stage", "win_probability", "currency_code", "estimated_value"),
    *days("opened_date", "estimated_close"),
    *stamps("closed_on"),
    index=("sales_stage",),
)
OPPORTUNITY_LINE = table(
    "crm_opportunity_product",
    "line_id",
    *ids("opportunity_id"),
    *codes("product_code", "quantity", "extended_amount"),
    index=("opportunity_id",),
)
STAGE_LOG = table("crm_stage_log", "log_id", *ids("opportunity_id"), *codes("to_stage"), *stamps("entered_on"))
CONTRACT = table(
    "crm_contract",
    "contract_id",
    *ids("account_id"),
    *days("start_date", "end_date"),
    *codes("currency_code", "contract_value", "contract_status"),
)
CAMPAIGN = table(
    "crm_campaign",
    "campaign_id",
    *text("campaign_name"),
    *days("start_date", "end_date"),
    *codes("currency_code", "budget", "campaign_status"),
)
CAMPAIGN_PRODUCT = table(
    "crm_campaign_product",
    "row_id",
    *ids("campaign_id"),
    *codes("product_code", "planned_quantity", "discount_percent"),
)
ACTIVITY = table(
    "crm_activity",
    "activity_id",
    *ids("account_id", "opportunity_id"),
    *codes("activity_type"),
    *stamps("happened_on"),
    *codes("owner_name"),
    *text("subject"),
)
CASE = table(
    "crm_case",
    "case_id",
    *ids("account_id"),
    *codes("order_reference", "product_code"),
    *stamps("opened_on", "closed_on"),
    *codes("priority", "case_status"),
    *text("subject"),
    Column("satisfaction", Integer),
    index=("case_status",),
)
