-- doc: Components of what is made, in the component's base unit for one base unit of the product.
-- grain: one row per bill of material line
SELECT gid(source, product_id) AS product_id, gid(source, component_id) AS component_id, quantity_per,
       coalesce(scrap_rate, 0) AS scrap_rate, valid_from, valid_to, source
FROM staging.bom_line
