-- doc: Running contracts that end within 90 days and have no successor, the soonest first.
-- grain: one row per contract
SELECT t.customer, t.end_date, t.days_left, t.amount_base, t.deal_stage, t.orders_change, t.warning, t.start_date, t.owner, t.region, t.segment,
       t.contract_id, t.customer_id
FROM marts.contract_due t
WHERE ($region IS NULL OR list_contains($region, t.region)) AND ($owner IS NULL OR list_contains($owner, t.owner))
    AND ($segment IS NULL OR list_contains($segment, t.segment))
ORDER BY t.end_date, t.amount_base DESC, t.contract_id
