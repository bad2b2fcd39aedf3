-- Notices that systems push, what people ask of the sync process, the feeds as they stand, and alerts
ALTER TABLE request ADD COLUMN asked_by TEXT NOT NULL DEFAULT '';
CREATE TABLE hook_notice (
    id INTEGER PRIMARY KEY AUTOINCREMENT, source TEXT NOT NULL, delivery TEXT NOT NULL, part INTEGER NOT NULL,
    received_at TEXT NOT NULL, body TEXT NOT NULL, op TEXT NOT NULL, entity TEXT, key TEXT,
    taken_at TEXT, applied_at TEXT, result TEXT NOT NULL DEFAULT '', UNIQUE (source, delivery, part)
);
CREATE INDEX hook_notice_waiting ON hook_notice (source) WHERE applied_at IS NULL;
CREATE TABLE pause (
    source TEXT NOT NULL, stream TEXT NOT NULL, paused_at TEXT NOT NULL, paused_by TEXT NOT NULL,
    PRIMARY KEY (source, stream)
) WITHOUT ROWID;
CREATE TABLE feed (
    source TEXT NOT NULL, stream TEXT NOT NULL, rhythm TEXT NOT NULL, promise_s REAL NOT NULL,
    due_at TEXT, reading_since TEXT, attempted_at TEXT, checked_at TEXT, cursor TEXT, newest_change_at TEXT,
    seconds REAL, rejects_open INTEGER NOT NULL DEFAULT 0, error TEXT NOT NULL DEFAULT '', hint TEXT NOT NULL DEFAULT '',
    cause TEXT NOT NULL DEFAULT '', PRIMARY KEY (source, stream)
) WITHOUT ROWID;
CREATE TABLE tally (
    name TEXT NOT NULL, source TEXT NOT NULL, label TEXT NOT NULL, total INTEGER NOT NULL,
    PRIMARY KEY (name, source, label)
) WITHOUT ROWID;
CREATE TABLE alert (
    id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, subject TEXT NOT NULL, since TEXT NOT NULL,
    text TEXT NOT NULL, told_at TEXT, recovered_at TEXT, recovery_told_at TEXT
);
CREATE UNIQUE INDEX alert_open ON alert (kind, subject) WHERE recovered_at IS NULL;
