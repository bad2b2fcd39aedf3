SELECT entity, "column", change, detail FROM landing.schema_change
WHERE source = ? AND outcome = 'stopped' AND policy = 'freeze' AND agreed_at IS NULL
ORDER BY seen_at, entity, "column"
