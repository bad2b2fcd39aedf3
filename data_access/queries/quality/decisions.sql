-- doc: What people decided and what became of it: applied, overruled by a later decision, or its record is gone.
-- grain: one row per decision in force
SELECT d.decision_id, d.kind, d.left_source, d.left_id, l.name AS left_name, d.right_source, d.right_id, r.name AS right_name,
       d.decided_by, d.decided_at, d.note, d.status
FROM core.identity_decision d
LEFT JOIN core.identity_record l ON l.source = d.left_source AND l.source_id = d.left_id
LEFT JOIN core.identity_record r ON r.source = d.right_source AND r.source_id = d.right_id
ORDER BY d.decided_at DESC, d.decision_id DESC
