-- How many clones each product has (itself is clone 0), and the rows of the clones. `wanted` holds the number of items.
-- A row belongs to clone number spread(its own key, clones): few clones sell much, many sell little.
CREATE TEMP TABLE clones (ino INTEGER PRIMARY KEY, code TEXT, n INTEGER);
INSERT INTO clones
SELECT ino, code, w.items / count(*) OVER () + (row_number() OVER (ORDER BY ino) <= w.items % count(*) OVER ())
FROM item CROSS JOIN wanted w;

CREATE TEMP TABLE number (k INTEGER PRIMARY KEY);
WITH RECURSIVE up(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM up WHERE k + 1 < (SELECT max(n) FROM clones))
INSERT INTO number SELECT k FROM up WHERE k < (SELECT max(n) FROM clones);

INSERT INTO item (ino, code, nam, nam_zh, cat, uom, src, cost_f, price_f, lt, ss, moq, mult, vno, act, chg)
SELECT i.ino + k.k * 1000000, i.code || '~' || k.k, i.nam || ' ' || k.k, i.nam_zh || ' ' || k.k, i.cat, i.uom, i.src,
       i.cost_f * (90 + k.k % 21) / 100, i.price_f * (90 + k.k % 21) / 100, i.lt, i.ss / c.n, i.moq, i.mult, i.vno, i.act, i.chg
FROM item i JOIN clones c ON c.ino = i.ino JOIN number k ON k.k < c.n;

INSERT INTO bom (bno, ino, comp, per_mille, scrap_mille, vfrom, vto, chg)
SELECT b.bno + k.k * 1000000, b.ino + k.k * 1000000, b.comp + min(k.k, m.n - 1) * 1000000, b.per_mille, b.scrap_mille,
       b.vfrom, b.vto, b.chg
FROM bom b JOIN clones c ON c.ino = b.ino JOIN clones m ON m.ino = b.comp JOIN number k ON k.k < c.n;

INSERT INTO rt (rtno, ino, wcno, setup_min, unit_sec, chg)
SELECT r.rtno + k.k * 1000000, r.ino + k.k * 1000000, r.wcno, r.setup_min, r.unit_sec, r.chg
FROM rt r JOIN clones c ON c.ino = r.ino JOIN number k ON k.k < c.n;

-- What belongs together (a line and its moves, a work order and what it used) has one key, and so one clone number.
UPDATE so_l SET ino = so_l.ino + 1000000 * spread(lno, c.n) FROM clones c WHERE c.ino = so_l.ino;
UPDATE po_l SET ino = po_l.ino + 1000000 * spread(plno, c.n) FROM clones c WHERE c.ino = po_l.ino;
UPDATE wo SET ino = wo.ino + 1000000 * spread(wono, c.n) FROM clones c WHERE c.ino = wo.ino;
UPDATE mv SET ino = mv.ino + 1000000 * spread(coalesce(lno, plno, wono, mno), c.n) FROM clones c WHERE c.ino = mv.ino;

UPDATE crm.crm_opportunity_product SET product_code = product_code || '~' || spread(crm_opportunity_product.rowid, c.n)
FROM clones c WHERE c.code = product_code AND spread(crm_opportunity_product.rowid, c.n) > 0;
UPDATE crm.crm_campaign_product SET product_code = product_code || '~' || spread(crm_campaign_product.rowid, c.n)
FROM clones c WHERE c.code = product_code AND spread(crm_campaign_product.rowid, c.n) > 0;
UPDATE crm.crm_case SET product_code = product_code || '~' || spread(crm_case.rowid, c.n)
FROM clones c WHERE c.code = product_code AND spread(crm_case.rowid, c.n) > 0;
