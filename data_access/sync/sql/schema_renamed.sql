SELECT "column", arg_max(detail, seen_at) FROM landing.schema_change
WHERE source = ? AND entity = ? AND change = 'source: renamed' AND outcome = 'stopped'
GROUP BY "column"
