-- What the sync pages tell beyond single runs: how long a feed fails, what came an hour, how long sources were fresh a day
ALTER TABLE feed ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;
ALTER TABLE feed ADD COLUMN failing_since TEXT;
CREATE TABLE stream_hour (
    source TEXT NOT NULL, entity TEXT NOT NULL, hour TEXT NOT NULL, runs INTEGER NOT NULL, failed INTEGER NOT NULL,
    read INTEGER NOT NULL, changed INTEGER NOT NULL, rejected INTEGER NOT NULL, attempts INTEGER NOT NULL,
    seconds REAL NOT NULL, PRIMARY KEY (source, entity, hour)
) WITHOUT ROWID;
CREATE TABLE fresh_day (
    source TEXT NOT NULL, day TEXT NOT NULL, seconds REAL NOT NULL, fresh_seconds REAL NOT NULL, PRIMARY KEY (source, day)
) WITHOUT ROWID;
ALTER TABLE sync_run ADD COLUMN newest_change_at TEXT;
