-- doc: The product of a SKU or product id, else those whose SKU or name come nearest.
-- grain: one row per product, five at most; the exact one alone
WITH named AS (
    SELECT p.product_id, p.sku, p.name, p.uom,
           (p.product_id = $text OR lower(p.sku) = lower($text)) AS is_exact,
           (p.product_id = $text, p.sku = $text, u.product_id IS NOT NULL) AS first_choice,
           greatest(jaro_winkler_similarity(lower(coalesce(p.sku, '')), lower($text)), jaro_winkler_similarity(lower(p.name), lower($text)),
                    CASE WHEN contains(lower(p.name), lower($text)) THEN 0.95 ELSE 0 END) AS nearness
    FROM core.product p
    LEFT JOIN core.product_sku u ON u.product_id = p.product_id
)
SELECT product_id, sku, name, uom, is_exact
FROM named
QUALIFY is_exact AND row_number() OVER (ORDER BY is_exact DESC, first_choice DESC, product_id) = 1 OR NOT bool_or(is_exact) OVER ()
ORDER BY nearness DESC, product_id
LIMIT 5
