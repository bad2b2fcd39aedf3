-- doc: Whether money at risk is an exception: it, and what is expected to be sold a week.
-- grain: one row
SELECT CAST(sum(at_risk) AS DOUBLE) AS at_risk, CAST(sum(weekly_sales) AS DOUBLE) AS weekly_sales FROM marts.item
