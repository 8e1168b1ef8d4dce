-- What is wanted now: for each app and namespace a pointer to one of its revisions.
CREATE TABLE declarations (
  project TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('app', 'namespace')),
  name TEXT NOT NULL,
  generation INTEGER NOT NULL,
  change_id TEXT NOT NULL,
  revision INTEGER NOT NULL,
  last_revision INTEGER NOT NULL,
  removing INTEGER NOT NULL CHECK (removing IN (0, 1)),
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (project, kind, name)
) STRICT, WITHOUT ROWID;
