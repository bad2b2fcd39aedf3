-- doc: Decisions on who is who that do nothing now: their record is gone from its source, or a later decision says otherwise.
-- grain: one row per decision
-- severity: warn
-- title_zh: 当前不起作用的归并决定：其记录已从来源消失，或后来的决定与之不同。
SELECT decision_id, kind, left_source, left_id, right_source, right_id, decided_by, status
FROM core.identity_decision
WHERE status <> 'applied'
