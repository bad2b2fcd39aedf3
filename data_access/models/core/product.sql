-- doc: What the ERPs sell, make and stock. A CRM's own product list is not taken over; its SKUs are matched to these.
-- grain: one row per ERP product
SELECT gid(p.source, p.product_id) AS product_id, p.sku, p.name, p.category, p.uom, p.supply, p.unit_cost, p.list_price,
       p.lead_time_days, p.safety_stock, p.min_order_qty, p.order_multiple, coalesce(p.is_active, TRUE) AS is_active,
       p.source, coalesce(p.is_phantom, FALSE) AS is_phantom
FROM staging.product p
JOIN staging.source s ON s.source = p.source
WHERE s.role = 'erp'
