import GRDB

// History of the catalog's schema (PRAGMA user_version):
//   1  the first: runs, stage runs, actions, objects, artifacts and their versions, lineage,
//      publications, heads, aliases, parameters, metrics, checks, events.
//   2  declarations kept once by their digest (run.declarations holds it where run.record is 2); a run's
//      record says which form its digest has (run.record) and covers the events before it (event_seq,
//      event_digest) and the preimages of its keys; sign-offs; views with their columns explained.
//   3  what was collected on purpose (collection, collected), holds, the class of what an artifact holds
//      (artifact.class); `versions` says what is still there, views of collections and holds.
// Content tables are never dropped. `object` and `source_file` also serve as stat caches; their stat
// columns can be forgotten at any time.

enum CatalogSchema {
  /// "HFST": what tells our databases from others'.
  static let applicationId: Int32 = 0x4846_5354
  /// The schema this program writes.
  static let version: Int32 = 3

  /// Brings a database that is empty or has an older schema to today's, in the caller's transaction.
  static func bringUp(_ db: Database) throws {
    let version = try Int32.fetchOne(db, sql: "PRAGMA user_version") ?? 0
    if version == 0 {
      try db.execute(sql: create + additions + collections)
    } else {
      try db.execute(sql: dropViews)
      if version < 2 { try db.execute(sql: from1to2 + additions) }
      if version < 3 { try db.execute(sql: from2to3 + collections) }
    }
    try db.execute(sql: CatalogViews.sql)
    try db.execute(sql: "PRAGMA user_version = \(CatalogSchema.version)")
  }

  private static let from1to2 = """
    ALTER TABLE run ADD COLUMN record INTEGER NOT NULL DEFAULT 1;
    ALTER TABLE run ADD COLUMN event_seq INTEGER;
    ALTER TABLE run ADD COLUMN event_digest TEXT;

    """

  /// What was made before classes were declared counts as personal.
  private static let from2to3 = """
    ALTER TABLE artifact ADD COLUMN class TEXT NOT NULL DEFAULT 'derived-PII';

    """

  /// Views hold nothing: those of an older schema give way to today's.
  private static let dropViews = """
    DROP VIEW IF EXISTS runs;
    DROP VIEW IF EXISTS stage_runs;
    DROP VIEW IF EXISTS versions;
    DROP VIEW IF EXISTS lineage;

    """

  /// What version 1 had, as it is today.
  private static let create = """
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
      name TEXT PRIMARY KEY, stage TEXT NOT NULL, kind TEXT NOT NULL, format TEXT NOT NULL, file TEXT NOT NULL,
      class TEXT NOT NULL DEFAULT 'derived-PII'
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

    """

  /// What version 2 added.
  private static let additions = """
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

    """

  /// What version 3 added. A digest is collected where a row of it has nothing in `returned`; of these there
  /// is at most one.
  private static let collections = """
    CREATE TABLE collection (
      id INTEGER PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('policy','erasure')), policy TEXT NOT NULL,
      objects INTEGER NOT NULL, bytes INTEGER NOT NULL, actor TEXT NOT NULL, at TEXT NOT NULL,
      event_seq INTEGER NOT NULL REFERENCES event (seq), swept INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE INDEX collection_pending ON collection (id) WHERE swept = 0;
    CREATE TABLE collected (
      digest TEXT NOT NULL REFERENCES object (digest), collection INTEGER NOT NULL REFERENCES collection (id),
      returned INTEGER REFERENCES event (seq), PRIMARY KEY (digest, collection)
    ) STRICT, WITHOUT ROWID;
    CREATE UNIQUE INDEX collected_now ON collected (digest) WHERE returned IS NULL;
    CREATE INDEX collected_by ON collected (collection);
    CREATE TABLE hold (
      id INTEGER PRIMARY KEY, target TEXT NOT NULL, run_id TEXT REFERENCES run (id),
      version_id INTEGER REFERENCES artifact_version (id),
      kind TEXT NOT NULL CHECK (kind IN ('legal','audit','other')), reason TEXT NOT NULL, actor TEXT NOT NULL,
      at TEXT NOT NULL, event_seq INTEGER NOT NULL REFERENCES event (seq), released INTEGER REFERENCES event (seq),
      CHECK ((run_id IS NULL) <> (version_id IS NULL))
    ) STRICT;
    CREATE INDEX artifact_version_digest ON artifact_version (digest);
    CREATE INDEX event_kind ON event (kind, seq);
    CREATE TRIGGER collection_remains BEFORE DELETE ON collection
      BEGIN SELECT RAISE(ABORT, 'collections are never removed'); END;
    CREATE TRIGGER collection_stays BEFORE UPDATE OF id, kind, policy, objects, bytes, actor, at, event_seq ON collection
      BEGIN SELECT RAISE(ABORT, 'collections are never changed'); END;
    CREATE TRIGGER collected_remains BEFORE DELETE ON collected
      BEGIN SELECT RAISE(ABORT, 'collected digests are never removed'); END;
    CREATE TRIGGER hold_remains BEFORE DELETE ON hold BEGIN SELECT RAISE(ABORT, 'holds are never removed'); END;
    CREATE TRIGGER hold_stays BEFORE UPDATE OF id, target, run_id, version_id, kind, reason, actor, at, event_seq ON hold
      BEGIN SELECT RAISE(ABORT, 'holds are released, never changed'); END;

    """
}
