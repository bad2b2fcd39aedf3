-- doc: The baseline period the company set, NULL when it set none.
-- grain: one row
SELECT today, baseline_first_month, baseline_last_month FROM core.company
