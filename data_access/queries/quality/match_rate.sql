-- doc: Share of the CRM's accounts, and of the revenue, that both systems know, by day.
-- grain: one row per day on which links changed, and the published day
SELECT day, accounts, accounts_matched, account_rate, revenue_matched, revenue_12m, revenue_rate
FROM marts.identity_rate
ORDER BY day
