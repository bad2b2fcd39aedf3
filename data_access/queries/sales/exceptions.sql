-- doc: Order to cash, the cases that skipped a step, are stuck or contradict, the largest first; as_large: an order without a deal no smaller than the median deal won.
-- grain: one row per case and kind
WITH usual AS (SELECT median(amount_base) AS amount FROM marts.deal WHERE stage = 'won')
SELECT e.kind, e.customer, e.subject, e.amount_base, e.days, e.since, e.day, e.order_no, e.owner, e.region, e.segment, e.stage, e.link,
       e.kind = 'order_without_deal' AND e.amount_base >= u.amount AS as_large, e.case_id, e.opportunity_id, e.order_id, e.customer_id
FROM marts.case_exception e CROSS JOIN usual u
WHERE e.day BETWEEN $since AND $until AND ($status IS NULL OR list_contains($status, e.kind))
    AND ($region IS NULL OR list_contains($region, e.region)) AND ($owner IS NULL OR list_contains($owner, e.owner))
    AND ($segment IS NULL OR list_contains($segment, e.segment))
ORDER BY e.amount_base DESC, e.case_id, e.kind
