-- Registered clusters, what their passes left behind, and the lease of the pass at work.
-- No index besides the key: every pass updates this row, and each index touched would be one more row written.
CREATE TABLE clusters (
  project TEXT NOT NULL,
  name TEXT NOT NULL,
  generation INTEGER NOT NULL,
  change_id TEXT NOT NULL,
  slot INTEGER NOT NULL,
  paused INTEGER NOT NULL CHECK (paused IN (0, 1)),
  epoch INTEGER NOT NULL,
  lease_until INTEGER NOT NULL,
  pass_id TEXT NOT NULL,
  dirty_seq INTEGER NOT NULL,
  seen_seq INTEGER NOT NULL,
  observed_at INTEGER,
  attempted_at INTEGER,
  failures INTEGER NOT NULL,
  next_attempt_at INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  server TEXT NOT NULL,
  version TEXT NOT NULL,
  identity TEXT NOT NULL,
  labels_json TEXT NOT NULL,
  troubles_json TEXT NOT NULL,
  sealed_access TEXT NOT NULL,
  PRIMARY KEY (project, name)
) STRICT, WITHOUT ROWID;
