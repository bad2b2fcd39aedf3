-- doc: Where goods can be asked for, the one most is ordered from first.
-- grain: one row per warehouse
SELECT w.warehouse_id, coalesce(w.code, w.name) AS code, w.name, count(l.line_id) AS lines
FROM core.warehouse w
LEFT JOIN core.sales_order_line l ON l.warehouse_id = w.warehouse_id
GROUP BY w.warehouse_id, w.code, w.name
ORDER BY lines DESC, code
