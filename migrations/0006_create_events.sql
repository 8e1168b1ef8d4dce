-- What happened, newest last. Written only when something changed.
CREATE TABLE events (
  id INTEGER NOT NULL PRIMARY KEY,
  project TEXT NOT NULL,
  type TEXT NOT NULL,
  at INTEGER NOT NULL,
  kind TEXT CHECK (kind IN ('app', 'namespace')),
  name TEXT,
  cluster TEXT,
  generation INTEGER,
  reason TEXT NOT NULL,
  message TEXT NOT NULL,
  detail_json TEXT
) STRICT;

-- Each ends in the row's id, so it serves "newest first, before this id" without a sort.
CREATE INDEX events_by_project ON events (project);
CREATE INDEX events_by_name ON events (project, name) WHERE name IS NOT NULL;
