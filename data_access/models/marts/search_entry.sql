-- doc: What can be found by typing: customers, items and sales orders. words is what people call it (see name_words), codes its numbers in one piece, without spaces and signs.
-- grain: one row per customer, item and sales order
-- materialize: view
FROM marts.search_name
UNION ALL
FROM marts.search_order
