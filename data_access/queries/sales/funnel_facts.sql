-- doc: Beside the steps: all cases of the period, days from the first day known to the last payment in the middle case, and what waits without being late.
-- grain: one row
SELECT count(*) AS cases, median(f.paid_date - coalesce(f.opened_date, f.ordered_date)) AS days_to_cash,
       median(f.paid_date - f.opened_date) AS days_from_deal, median(f.paid_date - f.ordered_date) AS days_from_order,
       count(*) FILTER (WHERE f.ordered_date IS NOT NULL AND f.delivered_date IS NULL AND f.late_since IS NULL) AS delivery_not_due,
       count(*) FILTER (WHERE f.invoiced_date IS NOT NULL AND f.paid_date IS NULL AND f.overdue_since IS NULL) AS payment_not_due
FROM marts.order_to_cash f
WHERE f.day BETWEEN $since AND $until AND ($region IS NULL OR list_contains($region, f.region))
    AND ($owner IS NULL OR list_contains($owner, f.owner)) AND ($segment IS NULL OR list_contains($segment, f.segment))
