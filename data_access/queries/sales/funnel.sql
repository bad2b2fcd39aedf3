-- doc: Order to cash as steps: cases that reached each, their value, how many of them began as a deal, and the median days from the step before. Cases of the period: the day a deal was won, else the day of the order.
-- grain: one row per step
WITH reached AS (
    SELECT o.case_id, o.value_base, o.opportunity_id, o.late_since,
           unnest([
               {'step': 1, 'name': 'deal', 'holds': o.stage = 'won', 'day': o.opened_date, 'before': CAST(NULL AS DATE)},
               {'step': 2, 'name': 'quotation', 'holds': o.quoted_date IS NOT NULL, 'day': o.quoted_date, 'before': o.opened_date},
               {'step': 3, 'name': 'order', 'holds': o.ordered_date IS NOT NULL, 'day': o.ordered_date, 'before': coalesce(o.quoted_date, o.opened_date)},
               {'step': 4, 'name': 'delivery', 'holds': o.delivered_date IS NOT NULL, 'day': o.delivered_date, 'before': o.ordered_date},
               {'step': 5, 'name': 'invoice', 'holds': o.invoiced_date IS NOT NULL, 'day': o.invoiced_date, 'before': o.delivered_date},
               {'step': 6, 'name': 'payment', 'holds': o.paid_date IS NOT NULL, 'day': o.paid_date, 'before': o.invoiced_date}
           ]) AS at
    FROM marts.order_to_cash o
    WHERE o.day BETWEEN $since AND $until AND ($region IS NULL OR list_contains($region, o.region))
        AND ($owner IS NULL OR list_contains($owner, o.owner)) AND ($segment IS NULL OR list_contains($segment, o.segment))
)
SELECT r.at.step AS step, r.at.name AS name, count(*) FILTER (WHERE r.at.holds) AS cases,
       coalesce(sum(r.value_base) FILTER (WHERE r.at.holds), 0) AS value_base,
       count(*) FILTER (WHERE r.at.holds AND r.opportunity_id IS NOT NULL) AS cases_with_deal,
       coalesce(sum(r.value_base) FILTER (WHERE r.at.holds AND r.opportunity_id IS NOT NULL), 0) AS value_with_deal,
       median(r.at.day - r.at.before) FILTER (WHERE r.at.holds) AS days_from_step_before, count(*) AS cases_of_all
FROM reached r
GROUP BY ALL
ORDER BY step
