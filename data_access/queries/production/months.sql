-- doc: Value asked for and expected by month, beside the same month of last year; of chosen items where a filter chooses some. The current month is both.
-- grain: one row per month: twelve back, five ahead from the current one
WITH chosen AS (
    SELECT m.month, sum(m.asked) AS asked, sum(m.expected) AS expected
    FROM marts.item_month m JOIN core.product p ON p.product_id = m.product_id
    WHERE ($category IS NOT NULL OR $sku IS NOT NULL)
      AND ($category IS NULL OR list_contains($category, coalesce(p.category, '–'))) AND ($sku IS NULL OR list_contains($sku, p.sku))
    GROUP BY m.month
),
told AS (
    SELECT month, asked, expected FROM marts.demand_month WHERE $category IS NULL AND $sku IS NULL
    UNION ALL
    SELECT month, asked, expected FROM chosen
)
SELECT m.month, m.asked AS asked_base, m.expected AS expected_base, y.asked AS last_year, m.month = date_trunc('month', c.today) AS is_current
FROM told m
CROSS JOIN core.company c
LEFT JOIN told y ON y.month = m.month - INTERVAL 1 YEAR
WHERE m.month >= date_trunc('month', c.today) - INTERVAL 12 MONTH AND m.month < date_trunc('month', c.today) + INTERVAL 6 MONTH
ORDER BY m.month
