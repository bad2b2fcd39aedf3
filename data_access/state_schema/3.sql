-- What people decided of who is who, kept for good and taken back by undone_at. Ids are the sources' own
CREATE TABLE identity_decision (
    id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL CHECK (kind IN ('confirm', 'reject', 'split', 'undo')),
    left_source TEXT NOT NULL, left_id TEXT NOT NULL, right_source TEXT, right_id TEXT, decided_by TEXT NOT NULL,
    decided_at TEXT NOT NULL, note TEXT NOT NULL DEFAULT '', undone_at TEXT,
    CHECK ((right_source IS NULL) = (right_id IS NULL)), CHECK (kind = 'split' OR right_id IS NOT NULL OR kind = 'undo')
);
CREATE INDEX identity_decision_left ON identity_decision (left_source, left_id)
