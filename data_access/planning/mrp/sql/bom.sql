-- doc: Bill of material lines as they stand, unusable ones too: the plan names what it leaves out.
-- grain: one row per bill of material line
SELECT product_id, component_id, CAST(quantity_per AS DOUBLE) AS quantity_per, CAST(scrap_rate AS DOUBLE) AS scrap_rate, valid_from, valid_to
FROM core.bom_line
ORDER BY ALL
