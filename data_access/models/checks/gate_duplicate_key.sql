-- doc: A key occurs twice in a core table.
-- grain: one row per duplicated key
-- severity: gate
-- title_zh: 核心表中键重复。
WITH keyed AS (
    SELECT 'core.customer' AS name, customer_id AS id FROM core.customer
    UNION ALL SELECT 'core.customer_link', gid(source, source_id) FROM core.customer_link
    UNION ALL SELECT 'core.product', product_id FROM core.product
    UNION ALL SELECT 'core.warehouse', warehouse_id FROM core.warehouse
    UNION ALL SELECT 'core.purchase_order_line', line_id FROM core.purchase_order_line
    UNION ALL SELECT 'core.production_order', production_id FROM core.production_order
    UNION ALL SELECT 'core.invoice', invoice_id FROM core.invoice
    UNION ALL SELECT 'core.payment', payment_id FROM core.payment
    UNION ALL SELECT 'core.opportunity', opportunity_id FROM core.opportunity
    UNION ALL SELECT 'core.contract', contract_id FROM core.contract
    UNION ALL SELECT 'core.ticket', ticket_id FROM core.ticket
    UNION ALL SELECT 'core.contact', contact_id FROM core.contact
    UNION ALL SELECT 'core.activity', activity_id FROM core.activity
    UNION ALL SELECT 'core.campaign', campaign_id FROM core.campaign
)
SELECT name, id, count(*) AS rows FROM keyed GROUP BY name, id HAVING count(*) > 1
