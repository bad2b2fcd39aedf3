-- doc: The id each system gave a deal, and the deal. Apart from core.opportunity, so that orders are not made anew whenever a deal moves.
-- grain: one row per opportunity of any source
SELECT o.source, o.opportunity_id AS source_id, gid(o.source, o.opportunity_id) AS opportunity_id, s.role = 'erp' AS is_erp
FROM staging.opportunity o
JOIN staging.source s ON s.source = o.source
