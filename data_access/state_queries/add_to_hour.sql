-- A run of a stream, added to its hour.
INSERT INTO stream_hour (source, entity, hour, runs, failed, read, changed, rejected, attempts, seconds)
VALUES (:source, :entity, :hour, 1, :failed, :read, :changed, :rejected, :attempts, :seconds)
ON CONFLICT (source, entity, hour) DO UPDATE SET
    runs = runs + 1, failed = failed + :failed, read = read + :read, changed = changed + :changed,
    rejected = rejected + :rejected, attempts = attempts + :attempts, seconds = seconds + :seconds
