-- Immutable snapshots of declarations; a rollback points back to one of them.
CREATE TABLE revisions (
  project TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('app', 'namespace')),
  name TEXT NOT NULL,
  number INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  spec_json TEXT NOT NULL,
  sealed_json TEXT NOT NULL,
  PRIMARY KEY (project, kind, name, number)
) STRICT, WITHOUT ROWID;
