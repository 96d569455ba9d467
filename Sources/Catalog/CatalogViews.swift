/// What other programs may query: views with stable names, each column explained where it is declared and in
/// the documentation's page on the catalog.
enum CatalogViews {
  /// Their declarations.
  static let sql = """
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
      v.created_at,         -- when
      a.class,              -- what it holds: raw-PII, derived-PII, model, report, metric
      CASE WHEN c.kind IS NULL THEN 'kept' WHEN c.kind = 'erasure' THEN 'erased' ELSE 'collected' END
        AS state,           -- kept; collected (by gc), erased (on a request)
      c.at AS collected_at  -- when it was collected or erased
    FROM artifact_version v JOIN artifact a ON a.name = v.name JOIN stage_run s ON s.id = v.made_by
    LEFT JOIN collected d ON d.digest = v.digest AND d.returned IS NULL LEFT JOIN collection c ON c.id = d.collection
    ORDER BY v.name, v.version;
    CREATE VIEW lineage AS SELECT
      o.name AS output, v.version AS output_version, v.digest AS output_digest,  -- what was made
      i.name AS input, i.digest AS input_digest,                                 -- from what, as it was read
      s.stage, s.run_id                                                          -- by what, and when
    FROM stage_output o JOIN artifact_version v ON v.id = o.version_id JOIN stage_input i ON i.stage_run = o.stage_run
    JOIN stage_run s ON s.id = o.stage_run;
    CREATE VIEW collections AS SELECT
      c.id,                    -- number of the collection, from 1
      c.kind,                  -- policy (gc) or erasure
      c.at,                    -- when, UTC
      c.actor,                 -- the user who asked for it
      c.policy,                -- JSON: what was to be kept, or the request and the run it kept
      c.objects, c.bytes,      -- objects collected and their bytes
      (SELECT count(*) FROM collected d WHERE d.collection = c.id AND d.returned IS NOT NULL)
        AS returned            -- how many of them were made again since
    FROM collection c ORDER BY c.id;
    CREATE VIEW holds AS SELECT
      h.id,                    -- number of the hold, from 1
      h.target,                -- run or version that is held
      h.kind,                  -- legal (an erasure gives way to it), audit, other
      h.reason,                -- why
      h.actor,                 -- who placed it
      h.at,                    -- when
      e.at AS released_at      -- when it was released; nothing while it holds
    FROM hold h LEFT JOIN event e ON e.seq = h.released ORDER BY h.id;

    """
}
