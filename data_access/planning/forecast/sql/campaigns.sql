-- doc: Weeks with a campaign, behind and ahead.
-- grain: one row per campaign, product and ISO week
SELECT product_id, week_start, kind FROM marts.campaign_week ORDER BY ALL
