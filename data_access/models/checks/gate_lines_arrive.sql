-- doc: A live order line or stock move of staging is missing in core, or core has one too many.
-- grain: one row per entity and source
-- severity: gate
-- title_zh: 暂存中的订单行或库存移动在核心表中缺失或多出。
WITH staged AS (
    SELECT 'sales_order_line' AS entity, source, count(*) AS rows FROM staging.sales_order_line GROUP BY source
    UNION ALL SELECT 'stock_move', source, count(*) FROM staging.stock_move GROUP BY source
    UNION ALL SELECT 'invoice', source, count(*) FROM staging.invoice GROUP BY source
    UNION ALL SELECT 'opportunity', source, count(*) FROM staging.opportunity GROUP BY source
),
arrived AS (
    SELECT 'sales_order_line' AS entity, source, count(*) AS rows FROM core.sales_order_line GROUP BY source
    UNION ALL SELECT 'stock_move', source, count(*) FROM core.stock_move GROUP BY source
    UNION ALL SELECT 'invoice', source, count(*) FROM core.invoice GROUP BY source
    UNION ALL SELECT 'opportunity', source, count(*) FROM core.opportunity GROUP BY source
)
SELECT coalesce(s.entity, a.entity) AS entity, coalesce(s.source, a.source) AS source, s.rows AS staged, a.rows AS arrived
FROM staged s
FULL JOIN arrived a ON a.entity = s.entity AND a.source = s.source
WHERE s.rows IS DISTINCT FROM a.rows
