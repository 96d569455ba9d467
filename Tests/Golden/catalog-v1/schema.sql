-- The schema of version 1, as the first program made it: what the migration is tested from.
CREATE TABLE run (
  seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, pipeline TEXT NOT NULL, profile TEXT NOT NULL,
  declarations TEXT NOT NULL, arguments TEXT NOT NULL, overrides TEXT NOT NULL, program TEXT NOT NULL,
  host TEXT NOT NULL, actor TEXT NOT NULL, pid INTEGER NOT NULL, started_at TEXT NOT NULL, ended_at TEXT,
  status TEXT NOT NULL CHECK (status IN ('running','succeeded','failed','refused','blocked','interrupted','crashed')),
  exit_code INTEGER, message TEXT, previous TEXT, digest TEXT
) STRICT;
CREATE TABLE action (key TEXT PRIMARY KEY, stage TEXT NOT NULL, preimage TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE stage_run (
  id INTEGER PRIMARY KEY, run_id TEXT NOT NULL REFERENCES run (id), stage TEXT NOT NULL,
  action_key TEXT NOT NULL REFERENCES action (key),
  status TEXT NOT NULL CHECK (status IN ('running','good','skipped','blocked','failed','crashed','reused','restored')),
  reason TEXT NOT NULL, reused_from INTEGER REFERENCES stage_run (id), started_at TEXT NOT NULL, ended_at TEXT,
  seconds REAL, cpu_seconds REAL, peak_kilobytes INTEGER, rows_in INTEGER, rows_out INTEGER, remark TEXT, message TEXT
) STRICT;
CREATE INDEX stage_run_key ON stage_run (action_key, status);
CREATE INDEX stage_run_run ON stage_run (run_id);
CREATE INDEX stage_run_stage ON stage_run (stage, id);
CREATE TABLE object (
  digest TEXT PRIMARY KEY, bytes INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('live','quarantined')), created_at TEXT NOT NULL,
  device INTEGER, inode INTEGER, modified INTEGER, changed INTEGER
) STRICT, WITHOUT ROWID;
CREATE TABLE source_file (
  path TEXT PRIMARY KEY, device INTEGER NOT NULL, inode INTEGER NOT NULL, bytes INTEGER NOT NULL,
  modified INTEGER NOT NULL, changed INTEGER NOT NULL, digest TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE artifact (
  name TEXT PRIMARY KEY, stage TEXT NOT NULL, kind TEXT NOT NULL, format TEXT NOT NULL, file TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE artifact_version (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL REFERENCES artifact (name), version INTEGER NOT NULL,
  digest TEXT NOT NULL REFERENCES object (digest), bytes INTEGER NOT NULL, row_count INTEGER, columns TEXT,
  made_by INTEGER NOT NULL REFERENCES stage_run (id), created_at TEXT NOT NULL,
  UNIQUE (name, version), UNIQUE (name, digest)
) STRICT;
CREATE TABLE stage_input (
  stage_run INTEGER NOT NULL REFERENCES stage_run (id), name TEXT NOT NULL, digest TEXT NOT NULL,
  PRIMARY KEY (stage_run, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE stage_output (
  stage_run INTEGER NOT NULL REFERENCES stage_run (id), name TEXT NOT NULL,
  version_id INTEGER NOT NULL REFERENCES artifact_version (id), PRIMARY KEY (stage_run, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE publication (
  run_id TEXT NOT NULL REFERENCES run (id), channel TEXT NOT NULL, name TEXT NOT NULL,
  version_id INTEGER NOT NULL REFERENCES artifact_version (id), PRIMARY KEY (run_id, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX publication_name ON publication (channel, name);
CREATE TABLE head (
  channel TEXT NOT NULL, name TEXT NOT NULL, version_id INTEGER NOT NULL REFERENCES artifact_version (id),
  run_id TEXT NOT NULL REFERENCES run (id), PRIMARY KEY (channel, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE alias (
  name TEXT PRIMARY KEY, run_id TEXT NOT NULL REFERENCES run (id), contract TEXT NOT NULL, set_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE alias_member (
  alias TEXT NOT NULL REFERENCES alias (name), name TEXT NOT NULL,
  version_id INTEGER NOT NULL REFERENCES artifact_version (id), PRIMARY KEY (alias, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE parameter (
  stage_run INTEGER NOT NULL REFERENCES stage_run (id), name TEXT NOT NULL, value TEXT NOT NULL,
  PRIMARY KEY (stage_run, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE metric (
  stage_run INTEGER NOT NULL REFERENCES stage_run (id), name TEXT NOT NULL, value REAL NOT NULL,
  PRIMARY KEY (stage_run, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE check_result (
  stage_run INTEGER NOT NULL REFERENCES stage_run (id), id TEXT NOT NULL, subject TEXT NOT NULL,
  severity TEXT NOT NULL, passed INTEGER NOT NULL, message TEXT NOT NULL, PRIMARY KEY (stage_run, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE event (
  seq INTEGER PRIMARY KEY, at TEXT NOT NULL, run_id TEXT, stage TEXT, kind TEXT NOT NULL, body TEXT NOT NULL,
  previous TEXT NOT NULL, digest TEXT NOT NULL
) STRICT;
CREATE TRIGGER event_stays BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
CREATE TRIGGER event_remains BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'events are never removed'); END;
CREATE VIEW runs AS
  SELECT seq, id, profile, status, started_at, ended_at, exit_code, message FROM run ORDER BY seq;
CREATE VIEW stage_runs AS
  SELECT r.seq AS run_seq, s.run_id, s.stage, s.status, s.reason, s.rows_in, s.rows_out, s.seconds, s.action_key
  FROM stage_run s JOIN run r ON r.id = s.run_id ORDER BY s.id;
CREATE VIEW versions AS
  SELECT v.name, v.version, v.digest, v.bytes, v.row_count, a.stage, a.kind, s.run_id AS made_in, v.created_at
  FROM artifact_version v JOIN artifact a ON a.name = v.name JOIN stage_run s ON s.id = v.made_by
  ORDER BY v.name, v.version;
CREATE VIEW lineage AS
  SELECT o.name AS output, v.version AS output_version, v.digest AS output_digest, i.name AS input,
    i.digest AS input_digest
  FROM stage_output o JOIN artifact_version v ON v.id = o.version_id JOIN stage_input i ON i.stage_run = o.stage_run;
PRAGMA application_id = 1212568404;
PRAGMA user_version = 1;
