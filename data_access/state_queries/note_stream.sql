-- How a stream stands after a run; a success moves ok_at, failures count up from the first of them.
INSERT INTO stream_status (source, entity, attempted_at, ok_at, status, failures, failing_since, error, hint, cursor)
VALUES (:source, :entity, :at, :ok_at, :status, :failed, :failed_at, :error, :hint, :cursor)
ON CONFLICT (source, entity) DO UPDATE SET
    attempted_at = :at, ok_at = coalesce(:ok_at, ok_at), status = :status,
    failures = CASE WHEN :failed THEN failures + 1 ELSE 0 END,
    failing_since = CASE WHEN :failed THEN coalesce(failing_since, :failed_at) END,
    error = :error, hint = :hint, cursor = coalesce(:cursor, cursor)
