"""What must hold in the demo's databases, whatever happens in it: name -> number of rows that break it."""

import sqlite3

MOVED = """
    SELECT w, i, sum(q) AS q FROM (
        SELECT wto AS w, ino AS i, qty AS q FROM mv WHERE st = 'D' AND wto IS NOT NULL
        UNION ALL SELECT wfrom, ino, -qty FROM mv WHERE st = 'D' AND wfrom IS NOT NULL) GROUP BY w, i
"""
DAILY = """
    SELECT w, i, d, sum(sum(q)) OVER (PARTITION BY w, i ORDER BY d) AS balance FROM (
        SELECT wto AS w, ino AS i, mdat AS d, qty AS q FROM mv WHERE st = 'D' AND wto IS NOT NULL
        UNION ALL SELECT wfrom, ino, mdat, -qty FROM mv WHERE st = 'D' AND wfrom IS NOT NULL) GROUP BY w, i, d
"""
RULES = {
    "balance is not the sum of its moves": f"""
        SELECT count(*) FROM stk LEFT JOIN ({MOVED}) m ON m.w = stk.wno AND m.i = stk.ino
        WHERE stk.qty <> coalesce(m.q, 0)""",
    "a balance was negative at some day's end": f"SELECT count(*) FROM ({DAILY}) WHERE balance < 0",
    "shipped quantity is not what moved": """
        SELECT count(*) FROM so_l
        LEFT JOIN (SELECT lno, sum(qty) AS q FROM mv WHERE st = 'D' AND lno IS NOT NULL GROUP BY lno) m USING (lno)
        WHERE abs(so_l.shp) <> coalesce(m.q, 0)""",
    "shipped before it was ordered": """
        SELECT count(*) FROM mv JOIN so_l USING (lno) JOIN so_h USING (sno)
        WHERE mv.st = 'D' AND mv.mdat < so_h.odat""",
    "a move of a line that is not there": """
        SELECT count(*) FROM mv WHERE lno IS NOT NULL AND lno NOT IN (SELECT lno FROM so_l)""",
    "an open line without a planned move": """
        SELECT count(*) FROM so_l WHERE st IN ('O', 'P')
        AND lno NOT IN (SELECT lno FROM mv WHERE st = 'P' AND lno IS NOT NULL)""",
    "payments are not what is settled": """
        SELECT count(*) FROM inv LEFT JOIN (SELECT ivno, sum(amt_m) AS p FROM pay GROUP BY ivno) USING (ivno)
        WHERE inv.amt_m - inv.opn_m <> coalesce(p, 0)""",
    "received is not what moved": """
        SELECT count(*) FROM po_l
        LEFT JOIN (SELECT plno, sum(qty) AS q FROM mv WHERE plno IS NOT NULL GROUP BY plno) USING (plno)
        WHERE po_l.rcv <> coalesce(q, 0)""",
    "finished production is not what moved": """
        SELECT count(*) FROM wo
        LEFT JOIN (SELECT wono, sum(qty) AS q FROM mv WHERE typ = 'PIN' GROUP BY wono) USING (wono)
        WHERE coalesce(q, 0) <> CASE wo.st WHEN 'D' THEN wo.qty ELSE 0 END""",
    "production started without its components": """
        SELECT count(*) FROM wo JOIN bom ON bom.ino = wo.ino AND bom.vto IS NULL
        LEFT JOIN (SELECT wono, ino AS comp, sum(qty) AS q FROM mv WHERE typ = 'POT' GROUP BY wono, ino) u
        ON u.wono = wo.wono AND u.comp = bom.comp
        WHERE wo.st IN ('R', 'D') AND coalesce(u.q, 0) * 1000000 < wo.qty * bom.per_mille * (1000 + bom.scrap_mille)""",
    "an invoice before anything left": """
        SELECT count(*) FROM inv WHERE NOT EXISTS (
            SELECT 1 FROM so_l JOIN mv USING (lno) WHERE so_l.sno = inv.sno AND mv.st = 'D' AND mv.mdat <= inv.idat)""",
}


def broken(erp: sqlite3.Connection) -> dict[str, int]:
    counts = {rule: int(erp.execute(query).fetchone()[0]) for rule, query in RULES.items()}
    return {rule: count for rule, count in counts.items() if count}
