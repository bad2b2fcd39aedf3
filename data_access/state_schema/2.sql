-- Looks that people kept: a name and the address that reproduces it
CREATE TABLE saved_view (
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, address TEXT NOT NULL, created_at TEXT NOT NULL, UNIQUE (name)
);
