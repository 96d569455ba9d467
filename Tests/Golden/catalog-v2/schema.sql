-- The schema of version 2, as its program made it: what the migration is tested from.
PRAGMA application_id = 1212568404;
PRAGMA user_version = 2;
CREATE TABLE run (
  seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, pipeline TEXT NOT NULL, profile TEXT NOT NULL,
  declarations TEXT NOT NULL, arguments TEXT NOT NULL, overrides TEXT NOT NULL, program TEXT NOT NULL,
  host TEXT NOT NULL, actor TEXT NOT NULL, pid INTEGER NOT NULL, started_at TEXT NOT NULL, ended_at TEXT,
  status TEXT NOT NULL CHECK (status IN ('running','succeeded','failed','refused','blocked','interrupted','crashed')),
  exit_code INTEGER, message TEXT, previous TEXT, digest TEXT, record INTEGER NOT NULL DEFAULT 1,
  event_seq INTEGER, event_digest TEXT
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

CREATE TABLE declaration (digest TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE signoff (
  id INTEGER PRIMARY KEY, run_id TEXT NOT NULL REFERENCES run (id), run_digest TEXT NOT NULL, role TEXT NOT NULL,
  decision TEXT NOT NULL CHECK (decision IN ('approve','reject')), comment TEXT NOT NULL, actor TEXT NOT NULL,
  at TEXT NOT NULL, event_seq INTEGER NOT NULL REFERENCES event (seq)
) STRICT;
CREATE INDEX signoff_run ON signoff (run_id);
CREATE TRIGGER signoff_stays BEFORE UPDATE ON signoff BEGIN SELECT RAISE(ABORT, 'sign-offs are never changed'); END;
CREATE TRIGGER signoff_remains BEFORE DELETE ON signoff BEGIN SELECT RAISE(ABORT, 'sign-offs are never removed'); END;
CREATE INDEX run_running ON run (seq) WHERE status = 'running';
CREATE INDEX stage_run_good ON stage_run (stage, id) WHERE status = 'good';
CREATE VIEW runs AS SELECT
  seq,         -- number of the run, from 1
  id,          -- its name: r and the number
  profile,     -- the profile it ran; what it published is current there
  status,      -- running, succeeded, failed, refused, blocked, interrupted, crashed
  started_at,  -- UTC, ISO 8601
  ended_at,    -- the same; nothing while it runs
  exit_code,   -- of the program; nothing where it died
  message,     -- what went wrong, in a sentence
  actor,       -- the user who began it
  host,        -- the machine
  digest       -- SHA-256 of its record, which covers that of the run before it
FROM run ORDER BY seq;
CREATE VIEW stage_runs AS SELECT
  r.seq AS run_seq,        -- number of the run
  s.run_id,                -- the run
  s.stage,                 -- the stage
  s.status,                -- good, reused, restored, skipped, blocked, failed, crashed, running
  s.reason,                -- why it ran or was reused
  s.rows_in, s.rows_out,   -- rows read and written
  s.seconds,               -- wall time
  s.cpu_seconds,           -- processor time, where measured
  s.peak_kilobytes,        -- memory at most, where measured
  s.action_key             -- SHA-256 of all the result depends on
FROM stage_run s JOIN run r ON r.id = s.run_id ORDER BY s.id;
CREATE VIEW versions AS SELECT
  v.name,               -- the artifact
  v.version,            -- from 1; the same content is the same version
  v.digest,             -- SHA-256 of its bytes, and its name in objects/
  v.bytes,              -- their number
  v.row_count,          -- rows, of a table
  a.stage, a.kind,      -- the stage that makes it; table, document, page or file
  s.run_id AS made_in,  -- the run that first made it
  v.created_at          -- when
FROM artifact_version v JOIN artifact a ON a.name = v.name JOIN stage_run s ON s.id = v.made_by
ORDER BY v.name, v.version;
CREATE VIEW lineage AS SELECT
  o.name AS output, v.version AS output_version, v.digest AS output_digest,  -- what was made
  i.name AS input, i.digest AS input_digest,                                 -- from what, as it was read
  s.stage, s.run_id                                                          -- by what, and when
FROM stage_output o JOIN artifact_version v ON v.id = o.version_id JOIN stage_input i ON i.stage_run = o.stage_run
JOIN stage_run s ON s.id = o.stage_run;

