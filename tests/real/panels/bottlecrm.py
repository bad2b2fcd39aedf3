"""What BottleCRM's own tables say of one organisation, by plain SQL in its own terms, as the rows the oracles read."""

from __future__ import annotations

from tests.real.panels.tables import Row
from tests.real.panels.tryton import CLOCK, COMPANY_DAY, Ask

STAGE = """CASE {0}.stage WHEN 'PROSPECTING' THEN 'Qualified' WHEN 'QUALIFICATION' THEN 'Qualified'
    WHEN 'PROPOSAL' THEN 'Proposal' WHEN 'NEGOTIATION' THEN 'Negotiation' WHEN 'CLOSED_WON' THEN 'Closed Won'
    WHEN 'CLOSED_LOST' THEN 'Closed Lost' END"""
IS_CLOSED = "o.stage IN ('CLOSED_WON', 'CLOSED_LOST')"
NOON = "to_char(({0})::timestamp + interval '4 hours', 'YYYY-MM-DD HH24:MI:SS')"  # of the company's day
# Often still the expected day: a deal is closed no later than it entered that stage.
CLOSED_DAY = f"least(o.closed_on, {COMPANY_DAY.format('o.stage_changed_at')})"

ACCOUNTS = """
    SELECT id::text, name, custom_fields->>'vat_id', custom_fields->>'segment', 0 FROM accounts
    WHERE org_id = '{org}' AND NOT is_sample"""
# A deal, and a lead, which names its company in words.
DEALS = f"""
    SELECT o.id::text, o.account_id::text, o.name, {STAGE.format("o")}, (o.probability / 100.0)::text, o.currency,
           o.amount::text, {COMPANY_DAY.format("o.created_at")}, CASE WHEN NOT {IS_CLOSED} THEN o.closed_on END,
           CASE WHEN {IS_CLOSED} THEN {NOON.format(CLOSED_DAY)} END, 0
    FROM opportunity o WHERE o.org_id = '{{org}}' AND NOT o.is_sample AND o.is_active
    UNION ALL
    SELECT l.id::text, (SELECT a.id::text FROM accounts a WHERE a.org_id = l.org_id AND NOT a.is_sample
                            AND lower(trim(a.name)) = lower(trim(l.company_name))),
           concat_ws(' · ', nullif(l.title, ''), nullif(l.company_name, '')),
           CASE l.status WHEN 'closed' THEN 'Closed Lost' ELSE 'New' END,
           (CASE l.status WHEN 'closed' THEN 0 ELSE coalesce(l.probability, 0) END / 100.0)::text, l.currency,
           l.opportunity_amount::text,
           {COMPANY_DAY.format("l.created_at")}, CASE WHEN l.status <> 'closed' THEN l.close_date END,
           CASE WHEN l.status = 'closed' THEN
                {NOON.format(f"coalesce(l.close_date, {COMPANY_DAY.format('l.updated_at')})")} END, 0
    FROM lead l
    WHERE l.org_id = '{{org}}' AND NOT l.is_sample AND l.is_active AND l.status IS DISTINCT FROM 'converted'"""
# It keeps only when the stage was changed last.
STAGES = f"""
    SELECT o.id::text, {STAGE.format("o")}, {CLOCK.format("o.stage_changed_at")}, 0 FROM opportunity o
    WHERE o.org_id = '{{org}}' AND NOT o.is_sample AND o.is_active AND o.stage_changed_at IS NOT NULL"""
CASES = f"""
    SELECT c.id::text, c.account_id::text, NULL, NULL, {CLOCK.format("c.created_at")},
           CASE WHEN c.status IN ('Closed', 'Rejected', 'Duplicate')
                THEN coalesce({CLOCK.format("c.resolved_at")}, {NOON.format("c.closed_on")}) END,
           lower(c.priority), CASE WHEN c.status IN ('Closed', 'Rejected', 'Duplicate') THEN 'Resolved' ELSE 'Open' END,
           c.name, NULL, 0
    FROM "case" c WHERE c.org_id = '{{org}}' AND NOT c.is_sample AND c.is_active AND c.merged_into_id IS NULL"""
EMPTY = ("interaction", "csat_survey", "opportunity_line_item", "accounts_assigned_to", "opportunity_assigned_to")


def crm_tables(ask: Ask, organisation: str) -> dict[str, list[Row]]:
    """Table -> its rows. What this CRM holds nothing of is asserted, so that the oracles may leave it out."""
    for table in EMPTY:
        assert ask(f"SELECT count(*) FROM {table}") == [(0,)], table
    queries = {"crm_account": ACCOUNTS, "crm_opportunity": DEALS, "crm_stage_log": STAGES, "crm_case": CASES}
    return {table: list(ask(query.format(org=organisation))) for table, query in queries.items()}
