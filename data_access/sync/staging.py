"""The staging catalog: canonical entities as views over landed streams, and the engine's own small tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb

from data_access.config import Planning
from data_access.connectors.arrow import to_table
from data_access.connectors.mapping import BlockSql, block_sql, empty_rows, union
from data_access.connectors.profile import Profile, canonical_entities
from data_access.errors import TandemError
from data_access.identity_decisions import IdentityDecision
from data_access.sync import item_rules, targets
from data_access.sync.digest import digest
from data_access.sync.lineage import tables_read
from data_access.sync.sqltext import literal, quote, render

COMPANY_SOURCE = "company"


@dataclass(frozen=True)
class SourceInfo:
    """A configured source as the build sees it."""

    name: str
    role: str
    system: str
    profile: Profile


@dataclass(frozen=True)
class Company:
    """The company's facts of one build; `today` is its business day, `baseline` the first days of two months."""

    currency: str
    timezone: str
    today: date
    published_at: datetime
    targets: Path | None = None
    fiscal_year_start: int = 1
    baseline: tuple[date, date] | None = None
    planning: Planning = Planning()


@dataclass(frozen=True)
class Staging:
    """What was put in place: content id of every staging table, its blocks, and the sources it derives from."""

    content: Mapping[str, str]
    blocks: Mapping[str, tuple[BlockSql, ...]]
    sources: Mapping[str, frozenset[str]]


def prepare(
    con: duckdb.DuckDBPyConnection,
    sources: Sequence[SourceInfo],
    company: Company,
    base: str,
    decisions: Sequence[IdentityDecision] = (),
) -> Staging:
    """Makes the staging.<entity> views. `base` changes when macros or company settings do."""
    landed = landed_content(con)
    content: dict[str, str] = {}
    blocks: dict[str, tuple[BlockSql, ...]] = {}
    origins: dict[str, frozenset[str]] = {}
    for entity in canonical_entities():
        made = tuple(
            block_sql(source.name, source.profile, entity, block, lambda sql: tables_read(con, sql))
            for source in sources
            for block in source.profile.entity.get(entity, ())
        )
        blocks[entity] = tuple(block for block in made if _landed(block, landed))
        select = union(blocks[entity], entity)
        if entity == "target":
            select = f"{select} UNION ALL SELECT * FROM staging.target_file"
            content["staging.target_file"] = _target_file(con, company.targets)
        _make_view(con, entity, select, blocks[entity])
        read = sorted(landed.get((block.source, stream), "") for block in made for stream in block.streams)
        own = content.get("staging.target_file", "") if entity == "target" else ""
        content[f"staging.{entity}"] = digest(base, select, own, *read)
        origins[f"staging.{entity}"] = frozenset(block.source for block in made)
    known = ((source.name, source.role, source.system) for source in sources)
    content["staging.company"] = digest(base, company.today, company.fiscal_year_start, company.baseline)
    content["staging.source"] = digest(*known)
    content["staging.plan_rule"] = digest(base, *plan_rule_values(company.planning))
    content["staging.item_rule"] = _item_rules(con, company.planning.items)
    content["staging.currency_digits"] = digest(render("currency_digits"))
    content["staging.identity_decision"] = _decisions(con, decisions)
    return Staging(content, blocks, origins)


def _make_view(con: duckdb.DuckDBPyConnection, entity: str, select: str, blocks: Sequence[BlockSql]) -> None:
    try:
        con.execute(f"CREATE OR REPLACE VIEW staging.main.{quote(entity)} AS {select}")
    except duckdb.Error as error:
        for block in blocks:
            try:
                con.execute(f"SELECT * FROM ({block.rows}) LIMIT 0")
            except duckdb.Error as cause:
                raise mapping_error(block, cause) from cause
        raise mapping_error(blocks[0], error) from error


def _landed(block: BlockSql, landed: Mapping[tuple[str, str], str]) -> bool:
    """A block whose streams have never been landed (a source that was never reached) has no rows yet."""
    return all((block.source, stream) in landed for stream in block.streams)


def landed_content(con: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], str]:
    """(source, stream) -> content id, which changes when landed rows do; only streams once read completely."""
    content = "id || ':' || content || ':' || mapping"
    query = f"SELECT source, stream, {content} FROM landing.cursor, landing.meta WHERE checked_at IS NOT NULL"
    rows = con.execute(query).fetchall()
    return {(source, stream): content for source, stream, content in rows}


def engine_tables(con: duckdb.DuckDBPyConnection, sources: Sequence[SourceInfo], company: Company) -> None:
    """company, source, currency_digits and rules: before the macros, which read them."""
    con.execute(render("currency_digits"))
    values = [company.currency, company.currency, company.timezone, company.today, company.published_at]
    values += [company.fiscal_year_start, *(company.baseline or (None, None))]
    con.execute(render("company"), values)
    con.execute(render("plan_rule"), plan_rule_values(company.planning))
    con.execute(render("item_rule"))
    con.execute(render("identity_decision"))
    con.execute(render("engine_tables"))
    for source in sources:
        con.execute("INSERT INTO staging.source VALUES (?, ?, ?)", [source.name, source.role, source.system])


def _target_file(con: duckdb.DuckDBPyConnection, path: Path | None) -> str:
    """The plan figures of [company] targets into staging.target_file; its content id."""
    con.execute(f"CREATE OR REPLACE TABLE staging.target_file AS {empty_rows('target')}")
    if path is None:
        return "none"
    rows = [(COMPANY_SOURCE, *figure) for figure in targets.figures(targets.read(path))]
    if rows:
        con.register("target_rows", to_table(rows, ("source", "metric", "period_start", "value")))
        con.execute("INSERT INTO staging.target_file SELECT source, metric, period_start, value FROM target_rows")
        con.unregister("target_rows")
    return digest(*rows)


def plan_rule_values(planning: Planning) -> list[object]:
    """The values of the statement plan_rule.sql."""
    return [
        planning.safety_stock, planning.service_level, planning.review_days, planning.demand_fence_weeks,
        planning.frozen_weeks,
    ]  # fmt: skip


def _item_rules(con: duckdb.DuckDBPyConnection, path: Path | None) -> str:
    """The rules of [planning] items into staging.item_rule; their content id."""
    rows = [] if path is None else item_rules.read(path)
    if rows:
        con.register("rule_rows", to_table(rows, ("sku", *item_rules.LIMITS)))
        con.execute(f"INSERT INTO staging.item_rule SELECT sku, {', '.join(item_rules.LIMITS)} FROM rule_rows")
        con.unregister("rule_rows")
    return digest(*rows)


def _decisions(con: duckdb.DuckDBPyConnection, decisions: Sequence[IdentityDecision]) -> str:
    """What people decided of customers into staging.identity_decision; its content id."""
    rows = [decision.row() for decision in decisions]
    if rows:
        con.executemany("INSERT INTO staging.identity_decision VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
    return digest(*rows)


def findings(con: duckdb.DuckDBPyConnection, staging: Staging, entity: str, now: datetime) -> None:
    """Renews what staging left out or could not map for one entity, and how its values are mapped; first_seen
    survives."""
    con.execute("CREATE OR REPLACE TEMP TABLE finding AS FROM build.staging_finding LIMIT 0")
    con.execute("DELETE FROM build.mapping WHERE entity = ?", [entity])
    for place, block in enumerate(staging.blocks[entity]):
        owner = f"{literal(block.source)}, {literal(entity)}"
        try:
            con.execute(
                f"INSERT INTO build.mapping SELECT {owner}, {place}, kind, field, map, source_value, canonical, rows, "
                f"filled, mapped, sample FROM ({block.coverage})"
            )
            suspects = con.execute(render("mapping_suspects"), [block.source, entity, place]).fetchall()
            con.execute(
                f"INSERT INTO finding SELECT {owner}, kind, reason, source_id, landed_key, payload, rows, ? "
                f"FROM ({block.findings([name for (name,) in suspects])})",
                [now],
            )
        except duckdb.Error as error:
            raise mapping_error(block, error) from error
    con.execute(render("staging_findings", entity=literal(entity)))


def mapping_error(block: BlockSql, error: duckdb.Error) -> TandemError:
    text = str(error).strip().split("\n")[0]
    return TandemError(
        f"source {block.source}: entity.{block.entity} of its profile fails: {text}",
        "correct the expression in the profile",
    )
