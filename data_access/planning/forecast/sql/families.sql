-- doc: The family of every product, whether it is still sold, and what a unit brought over the last 52 full weeks (0 where it brought nothing).
-- grain: one row per product
SELECT p.product_id, coalesce(p.category, '') AS family, p.is_active,
       greatest(coalesce(sum(CAST(w.amount_base AS DOUBLE)) / nullif(sum(CAST(w.quantity AS DOUBLE)), 0), 0), 0) AS price
FROM core.product p
CROSS JOIN core.company c
LEFT JOIN marts.item_history w ON w.product_id = p.product_id AND w.week_start >= date_trunc('week', c.today) - INTERVAL 364 DAY
GROUP BY p.product_id, p.category, p.is_active
ORDER BY p.product_id
