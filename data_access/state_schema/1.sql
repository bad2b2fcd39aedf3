-- What both processes keep in state.db (times are UTC ISO text with Z), versioned by PRAGMA user_version
CREATE TABLE sync_run (
    run_id INTEGER PRIMARY KEY AUTOINCREMENT, started_at TEXT NOT NULL, finished_at TEXT,
    status TEXT NOT NULL CHECK (status IN ('running', 'published', 'nothing_new', 'failed', 'refused')),
    step TEXT NOT NULL DEFAULT '', version INTEGER, pid INTEGER NOT NULL,
    error TEXT NOT NULL DEFAULT '', hint TEXT NOT NULL DEFAULT ''
);
CREATE TABLE sync_stream (
    run_id INTEGER NOT NULL, source TEXT NOT NULL, entity TEXT NOT NULL, started_at TEXT NOT NULL, finished_at TEXT,
    status TEXT NOT NULL, read INTEGER NOT NULL DEFAULT 0, inserted INTEGER NOT NULL DEFAULT 0,
    updated INTEGER NOT NULL DEFAULT 0, unchanged INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0,
    rejected INTEGER NOT NULL DEFAULT 0, cursor TEXT, attempts INTEGER NOT NULL DEFAULT 1,
    error TEXT NOT NULL DEFAULT '', hint TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (run_id, source, entity)
) WITHOUT ROWID;
CREATE INDEX sync_stream_recent ON sync_stream (source, entity, started_at);
CREATE TABLE source_status (
    source TEXT PRIMARY KEY, role TEXT NOT NULL, checked_at TEXT, attempted_at TEXT,
    last_error TEXT NOT NULL DEFAULT '', last_ok INTEGER NOT NULL DEFAULT 1, newest_change_at TEXT,
    fresh_within_s REAL NOT NULL DEFAULT 300
) WITHOUT ROWID;
CREATE TABLE progress (
    id INTEGER PRIMARY KEY CHECK (id = 1), step TEXT NOT NULL, label TEXT NOT NULL,
    done INTEGER NOT NULL, total INTEGER NOT NULL, at TEXT NOT NULL
);
CREATE TABLE kiosk_token (
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, token_hash TEXT NOT NULL UNIQUE,
    created_at TEXT NOT NULL, revoked_at TEXT, last_seen_at TEXT
);
CREATE TABLE request (
    id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, body TEXT NOT NULL DEFAULT '{}',
    created_at TEXT NOT NULL, taken_at TEXT, finished_at TEXT, result TEXT NOT NULL DEFAULT ''
);
CREATE TABLE heartbeat (process TEXT PRIMARY KEY, pid INTEGER NOT NULL, at TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL, at TEXT NOT NULL) WITHOUT ROWID;
