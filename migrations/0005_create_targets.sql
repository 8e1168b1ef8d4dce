-- One declaration on one cluster: the inventory and what was last seen there.
CREATE TABLE targets (
  project TEXT NOT NULL,
  cluster TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('app', 'namespace')),
  name TEXT NOT NULL,
  leaving INTEGER NOT NULL CHECK (leaving IN (0, 1)),
  observed_generation INTEGER NOT NULL,
  render_key TEXT NOT NULL,
  sync TEXT NOT NULL,
  health_json TEXT NOT NULL,
  conditions_json TEXT NOT NULL,
  objects_json TEXT NOT NULL,
  PRIMARY KEY (project, cluster, kind, name)
) STRICT, WITHOUT ROWID;

-- A pass reads by cluster (the key); people and changes of a wish ask by declaration.
CREATE INDEX targets_by_declaration ON targets (project, kind, name);
