-- doc: Order to cash, case by case: a deal with the orders it became, or an order without a deal, and the day it reached each step. Value: what was ordered, else the deal's amount. A step of several orders is reached when all have reached it. quoted: the deal entered the stage proposal, or the ERP holds a quotation of it. Deals that are not won count once they have an order.
-- grain: one row per won deal, deal with an order, or order without a deal
-- partition: case_id
-- by: marts.order_case case_id; marts.deal opportunity_id; core.sales_order_line opportunity_id NOT NULL
-- lookups: core.customer
WITH ordered AS (
    SELECT case_id, opportunity_id, arg_min(link, order_id) AS link,
           arg_min(order_id, (ordered_date, order_id)) AS order_id, arg_min(order_no, (ordered_date, order_id)) AS order_no, count(*) AS orders,
           min(source) AS source, arg_min(customer_id, (ordered_date, order_id)) AS customer_id, sum(ordered_base) AS ordered_base, sum(delivered_base) AS delivered_base,
           min(ordered_date) AS ordered_date, CASE WHEN count(*) = count(delivered_date) THEN max(delivered_date) END AS delivered_date,
           CASE WHEN count(*) = count(invoiced_date) THEN max(invoiced_date) END AS invoiced_date,
           CASE WHEN count(*) = count(paid_date) THEN max(paid_date) END AS paid_date,
           sum(ordered_base - delivered_base) FILTER (WHERE late_since IS NOT NULL) AS late_base, min(late_since) AS late_since,
           sum(uninvoiced_base) AS uninvoiced_base, min(uninvoiced_since) AS uninvoiced_since,
           sum(overdue_base) AS overdue_base, min(overdue_since) AS overdue_since
    FROM marts.order_case
    GROUP BY case_id, opportunity_id
),
quotation AS (
    SELECT opportunity_id, min(order_date) AS day FROM core.sales_order_line
    WHERE status = 'quotation' AND opportunity_id IS NOT NULL GROUP BY opportunity_id
),
deal AS (SELECT * FROM marts.deal WHERE stage = 'won' OR opportunity_id IN (SELECT opportunity_id FROM ordered))
SELECT coalesce(d.opportunity_id, o.case_id) AS case_id, d.opportunity_id, o.order_id, o.order_no, coalesce(o.orders, 0) AS orders,
       coalesce(o.link, 'none') AS link, coalesce(d.customer_id, o.customer_id) AS customer_id, coalesce(d.customer, k.name, '–') AS customer,
       coalesce(d.name, o.order_no) AS subject, coalesce(d.region, k.region, '–') AS region, coalesce(d.owner, k.owner, '–') AS owner,
       coalesce(d.segment, k.segment, '–') AS segment, d.stage, coalesce(o.ordered_base, d.amount_base, 0) AS value_base,
       CASE WHEN d.stage = 'won' THEN coalesce(d.closed_date, o.ordered_date) ELSE o.ordered_date END AS day, d.created_date AS opened_date,
       CASE WHEN d.stage = 'won' THEN d.closed_date END AS won_date, least(d.quoted_date, q.day) AS quoted_date, d.stays,
       o.ordered_date, o.delivered_date, o.invoiced_date, o.paid_date, o.late_base, o.late_since, o.uninvoiced_base, o.uninvoiced_since,
       o.overdue_base, o.overdue_since
FROM deal d
FULL JOIN ordered o ON o.opportunity_id = d.opportunity_id
LEFT JOIN core.customer k ON k.customer_id = o.customer_id
LEFT JOIN quotation q ON q.opportunity_id = d.opportunity_id
