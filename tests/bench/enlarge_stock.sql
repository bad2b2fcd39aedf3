-- A clone may have sold what its siblings received. Each opens with what it would have lacked in a warehouse and with
-- some weeks of what it ships there, in the plant with a few more; the balances are then made anew: the sums of the moves.
CREATE TEMP TABLE flow AS
SELECT wno, ino, mdat, sum(qty) AS qty, sum(max(-qty, 0)) AS gone
FROM (SELECT wto AS wno, ino, mdat, qty FROM mv WHERE st = 'D' AND wto IS NOT NULL
      UNION ALL SELECT wfrom, ino, mdat, -qty FROM mv WHERE st = 'D' AND wfrom IS NOT NULL)
GROUP BY wno, ino, mdat;

CREATE TEMP TABLE opening AS
SELECT wno, ino, max(-min(0, min(held)), 0) + sum(gone * (mdat > (SELECT date(max(mdat), '-364 days') FROM mv)))
       * spread(ino * 7 + wno, 40) / 52 AS qty
FROM (SELECT wno, ino, mdat, gone, sum(qty) OVER (PARTITION BY wno, ino ORDER BY mdat) AS held FROM flow)
GROUP BY wno, ino;
INSERT INTO opening SELECT 1, ino, 1 + spread(ino, 4) FROM item;

INSERT INTO mv (mno, mdat, pldat, ino, wfrom, wto, qty, typ, st, lno, plno, wono, cost_f, chg)
SELECT (SELECT max(mno) FROM mv) + row_number() OVER (ORDER BY o.wno, o.ino, o.qty), f.day, f.day, o.ino, NULL, o.wno, o.qty, 'CNT', 'D',
       NULL, NULL, NULL, i.cost_f, f.chg
FROM opening o
JOIN item i ON i.ino = o.ino
CROSS JOIN (SELECT min(mdat) AS day, min(mdat) || ' 08:00:00.000' AS chg FROM mv WHERE st = 'D') f
WHERE o.qty > 0;

DELETE FROM stk;
INSERT INTO stk (wno, ino, qty)
SELECT wno, ino, sum(qty)
FROM (SELECT wto AS wno, ino, qty FROM mv WHERE st = 'D' AND wto IS NOT NULL
      UNION ALL SELECT wfrom, ino, -qty FROM mv WHERE st = 'D' AND wfrom IS NOT NULL)
GROUP BY wno, ino;
