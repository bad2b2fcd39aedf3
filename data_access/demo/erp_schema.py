"""The ERP's tables, as a vendor of terse habits would have them.

Integer keys, money in minor units and quantities in whole base units, so that SQLite, PostgreSQL and MariaDB hold
exactly the same values; business days are local DATEs, `chg` (last change) is UTC.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, Date, DateTime, Index, Integer, MetaData, SmallInteger, String, Table
from sqlalchemy.dialects import mysql

META = MetaData()
MYSQL: dict[str, Any] = {"mysql_charset": "utf8mb4", "mysql_collate": "utf8mb4_bin", "mysql_engine": "InnoDB"}
Stamp = DateTime().with_variant(mysql.DATETIME(fsp=3), "mysql", "mariadb")


def table(name: str, *columns: Column[Any], index: tuple[str, ...] = (), stamped: bool = True) -> Table:
    """A table whose first column is its key; `chg` (last change) and the named columns are indexed."""
    extra = [Column("chg", Stamp)] if stamped else []
    found: Table = Table(name, META, *columns, *extra, **MYSQL)
    for column in (*index, *(["chg"] if stamped else [])):
        Index(f"ix_{name}_{column}", found.c[column])
    return found


def key(name: str) -> Column[Any]:
    return Column(name, Integer, primary_key=True, autoincrement=False)


def whole(name: str) -> Column[Any]:
    return Column(name, Integer)


def money(name: str) -> Column[Any]:
    return Column(name, BigInteger)


def words(name: str, length: int = 80) -> Column[Any]:
    return Column(name, String(length))


def day(name: str) -> Column[Any]:
    return Column(name, Date)


def flag(name: str) -> Column[Any]:
    return Column(name, SmallInteger)


PAR = Table("sys_par", META, Column("k", String(40), primary_key=True), Column("v", String(400)), **MYSQL)
CURR = table("curr", Column("cur", String(3), primary_key=True), words("nam"), words("unit", 12), stamped=False)
CAT = table("itemcat", key("cat"), words("nam"), words("nam_zh"))
WHS = table("whs", key("wno"), words("code", 8), words("nam"), words("nam_zh"))
VEND = table("vend", key("vno"), words("nam"))
CUST = table(
    "cust",
    key("cno"),
    words("nam", 120),
    words("nam_zh", 120),
    words("taxno", 40),
    words("ctry", 2),
    words("prov", 40),
    words("city", 40),
    words("cls", 24),
    words("rep", 40),
    words("mail", 120),
    words("tel", 40),
    words("cur", 3),
    whole("pdays"),
    flag("act"),
    flag("del"),
)
ITEM = table(
    "item",
    key("ino"),
    words("code", 24),
    words("nam"),
    words("nam_zh"),
    whole("cat"),
    words("uom", 8),
    words("src", 1),
    money("cost_f"),
    money("price_f"),
    whole("lt"),
    whole("ss"),
    whole("moq"),
    whole("mult"),
    whole("vno"),
    flag("act"),
)
SO_H = table(
    "so_h",
    key("sno"),
    words("so_no", 16),
    whole("cno"),
    day("odat"),
    Column("ent", Stamp),
    words("cur", 3),
    words("rep", 40),
    words("oppref", 40),
    words("typ", 2),
    index=("cno",),
)
SO_L = table(
    "so_l",
    key("lno"),
    whole("sno"),
    whole("pos"),
    whole("ino"),
    whole("wno"),
    whole("qty"),
    whole("shp"),
    money("prc_m"),
    money("amt_m"),
    day("rdat"),
    day("pdat"),
    words("st", 1),
    index=("sno", "st"),
)
MV = table(
    "mv",
    key("mno"),
    day("mdat"),
    day("pldat"),
    whole("ino"),
    whole("wfrom"),
    whole("wto"),
    whole("qty"),
    words("typ", 3),
    words("st", 1),
    whole("lno"),
    whole("plno"),
    whole("wono"),
    money("cost_f"),
    index=("lno", "st"),
)
STK = Table(
    "stk",
    META,
    Column("wno", Integer, primary_key=True),
    Column("ino", Integer, primary_key=True),
    whole("qty"),
    **MYSQL,
)
PO_H = table("po_h", key("pno"), words("po_no", 16), whole("vno"), day("odat"))
PO_L = table(
    "po_l",
    key("plno"),
    whole("pno"),
    whole("ino"),
    whole("wno"),
    whole("qty"),
    whole("rcv"),
    money("prc_f"),
    day("edat"),
    words("st", 1),
    index=("st",),
)
WO = table(
    "wo",
    key("wono"),
    whole("ino"),
    whole("wno"),
    whole("qty"),
    day("sdat"),
    day("ddat"),
    day("fdat"),
    words("st", 1),
    index=("st",),
)
BOM = table(
    "bom", key("bno"), whole("ino"), whole("comp"), whole("per_mille"), whole("scrap_mille"), day("vfrom"), day("vto")
)
WC = table("wc", key("wcno"), words("nam"), words("nam_zh"), whole("cap_min"))
RT = table("rt", key("rtno"), whole("ino"), whole("wcno"), whole("setup_min"), whole("unit_sec"))
INV = table(
    "inv",
    key("ivno"),
    whole("sno"),
    whole("cno"),
    day("idat"),
    day("ddat"),
    words("cur", 3),
    money("amt_m"),
    money("opn_m"),
    words("st", 1),
    index=("st", "sno"),
)
PAY = table("pay", key("payno"), whole("ivno"), day("pdat"), words("cur", 3), money("amt_m"))
COST = table("gl_cost", key("gno"), day("per"), words("kind", 16), money("amt_f"))
FX = table("fx", key("fxno"), words("cur", 3), day("dat"), words("rate", 24), index=("dat",))
