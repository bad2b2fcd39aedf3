-- doc: How long the list of open questions is, and what it hides.
-- grain: one row
SELECT count(*) AS pairs, coalesce(sum(hidden_base), 0) AS hidden_base FROM marts.identity_candidate
