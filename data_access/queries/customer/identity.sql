-- doc: Who the customer is, what it is worth, its segment, rhythm, delivery and risk, as the list shows them.
-- grain: one row
SELECT p.customer_id, p.name, p.tax_id, p.country, p.region, p.city, p.segment, p.owner, p.in_erp, p.in_crm, p.is_active,
       c.email_domain, c.phone, p.revenue_12m, p.revenue_12m_before,
       CASE WHEN p.revenue_12m_before > 0 THEN CAST(p.revenue_12m AS DOUBLE) / CAST(p.revenue_12m_before AS DOUBLE) - 1 END AS change,
       p.rfm, p.recency_days, p.r, p.f, p.m, p.orders, p.orders_12m, p.first_order_date, p.last_order_date, p.rhythm_days,
       p.late_after_days, p.due_date, p.is_silent, CASE WHEN p.lines_due > 0 THEN p.lines_on_time / p.lines_due END AS on_time, p.lines_due,
       p.open_deals, p.deals_base, p.weighted_base, p.last_contact_date, p.open_tickets, p.risk, p.because
FROM marts.customer_profile p
JOIN core.customer c ON c.customer_id = p.customer_id
WHERE p.customer_id = $customer
