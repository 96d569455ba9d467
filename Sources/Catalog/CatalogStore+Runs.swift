package import Fingerprints
import GRDB

extension CatalogStore {
  /// Records that a run begins. Runs that never recorded their end died: they are marked as crashed, and
  /// should one be alive after all, it can record nothing more.
  package func beginRun(_ facts: RunFacts) throws(CatalogError) -> RunIdentity {
    try write(lasting: false) { db in
      for row in try Row.fetchAll(db, sql: "SELECT seq, id FROM run WHERE status = 'running' ORDER BY seq") {
        let id: String = row["id"]
        try db.execute(
          sql:
            "UPDATE stage_run SET status = 'crashed', ended_at = ? WHERE run_id = ? AND status = 'running'",
          arguments: [facts.at, id])
        try CatalogStore.append(
          db, at: facts.at, run: id, stage: nil, kind: "crashed", body: ["run": .string(id)])
        try CatalogStore.seal(
          db, row["seq"], status: "crashed", exitCode: nil, message: "the process died", at: facts.at)
      }
      let seq = (try Int64.fetchOne(db, sql: "SELECT max(seq) FROM run") ?? 0) + 1
      let id = "r\(seq)"
      func text(_ value: JSONValue) -> String { String(decoding: CanonicalJSON.encode(value), as: UTF8.self) }
      // The same night after night: kept once.
      let declarations = text(facts.declarations)
      let digest = Digest(of: Array(declarations.utf8)).hexadecimal
      try db.execute(
        sql: "INSERT INTO declaration (digest, body) VALUES (?, ?) ON CONFLICT (digest) DO NOTHING",
        arguments: [digest, declarations])
      try db.execute(
        sql: """
          INSERT INTO run (seq, id, pipeline, profile, declarations, arguments, overrides, program, host, actor, pid,
            started_at, status, record) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'running', 2)
          """,
        arguments: [
          seq, id, facts.pipeline, facts.profile, digest,
          text(.list(facts.arguments.map(JSONValue.string))),
          text(.list(facts.overrides.map(JSONValue.string))),
          text(facts.program), facts.host, facts.actor, facts.pid, facts.at,
        ])
      return RunIdentity(seq: seq, id: id)
    }
  }

  /// Records that a stage begins to execute.
  package func beginStage(
    _ run: RunIdentity, stage: String, key: Digest, preimage: JSONValue, reason: String, at time: String
  ) throws(CatalogError) -> Int64 {
    try write(lasting: false) { db in
      try CatalogStore.checkRunning(db, run)
      try CatalogStore.recordAction(
        db, stage: stage, key: key.hexadecimal,
        preimage: String(decoding: CanonicalJSON.encode(preimage), as: UTF8.self))
      try db.execute(
        sql: """
          INSERT INTO stage_run (run_id, stage, action_key, status, reason, started_at)
          VALUES (?, ?, ?, 'running', ?, ?)
          """, arguments: [run.id, stage, key.hexadecimal, reason, time])
      return db.lastInsertedRowID
    }
  }

  /// Records how a stage ended, with all it left, or nothing of it. A good end is refused where an input
  /// is no longer what the stage was handed (`corrupt`), and any end where another run has taken over
  /// (`locked`).
  package func commit(_ stageRun: Int64, _ commit: StageCommit) throws(CatalogError) {
    if commit.status == "good" {
      for input in commit.inputs where try !isUndisturbed(input.digest, at: commit.at) {
        throw CatalogError(
          .corrupt, "\"\(input.name)\" was changed while a stage read it; what was made of it is not kept",
          remedy: "run again: it is made anew")
      }
    }
    try write { db in
      guard
        let row = try db.row("SELECT stage, status FROM stage_run WHERE id = ?", [stageRun]),
        row["status"] == "running"
      else { throw CatalogStore.superseded("stage run \(stageRun)") }
      let stage: String = row["stage"]
      try db.run(
        """
        UPDATE stage_run SET status = ?, ended_at = ?, seconds = ?, cpu_seconds = ?, peak_kilobytes = ?, rows_in = ?,
          rows_out = ?, remark = ?, message = ? WHERE id = ?
        """,
        [
          commit.status, commit.at, commit.seconds, commit.cpuSeconds, commit.peakKilobytes, commit.rowsIn,
          commit.rowsOut, commit.remark, commit.message, stageRun,
        ])
      for input in commit.inputs {
        try db.run(
          "INSERT INTO stage_input (stage_run, name, digest) VALUES (?, ?, ?)",
          [stageRun, input.name, input.digest.hexadecimal])
      }
      for output in commit.outputs {
        guard ArtifactFolder.isSafe(output.name), ArtifactFolder.isSafe(output.fileName) else {
          throw CatalogError(
            .io, "no file can be named after the artifact \"\(output.name)\"",
            remedy: "use letters, digits, '.', '_' and '-' in its name")
        }
        guard Disk.kind(folder.object(output.digest)) == .plain else {
          throw CatalogError(
            .missing, "\"\(output.name)\" is recorded without its object \(output.digest.short)")
        }
        try CatalogStore.record(db, output.digest, bytes: output.bytes, at: commit.at)
        try CatalogStore.record(db, output, of: stage, by: stageRun, at: commit.at)
      }
      for name in commit.parameters.keys.sorted() {
        try db.run(
          "INSERT INTO parameter (stage_run, name, value) VALUES (?, ?, ?)",
          [
            stageRun, name,
            String(decoding: CanonicalJSON.encode(commit.parameters[name] ?? .null), as: UTF8.self),
          ])
      }
      for name in commit.metrics.keys.sorted() {
        guard let value = commit.metrics[name], value.isFinite else { continue }
        try db.run(
          "INSERT INTO metric (stage_run, name, value) VALUES (?, ?, ?)",
          [stageRun, name, value])
      }
      try CatalogStore.record(db, commit.checks, of: stageRun)
    }
  }

  /// Records, with the next write, that a stage took over an earlier result: `action` is `reused` or `restored`, or
  /// `blocked` where a check keeps the result from being read; `checks` are those made of it now.
  package func recordReuse(
    _ run: RunIdentity, stage: String, key: Digest, preimage: JSONValue, of earlier: Int64, action: String,
    reason: String, checks: [CheckRecord] = [], at time: String
  ) {
    postpone(
      ReuseRecord(
        run: run, stage: stage, key: key.hexadecimal,
        preimage: String(decoding: CanonicalJSON.encode(preimage), as: UTF8.self), earlier: earlier,
        action: action, reason: reason, checks: checks, at: time))
  }

  static func insert(_ db: Database, _ reuse: ReuseRecord) throws {
    try checkRunning(db, reuse.run)
    try recordAction(db, stage: reuse.stage, key: reuse.key, preimage: reuse.preimage)
    try db.run(
      """
      INSERT INTO stage_run (run_id, stage, action_key, status, reason, reused_from, started_at, ended_at, seconds)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)
      """,
      [
        reuse.run.id, reuse.stage, reuse.key, reuse.action, reuse.reason, reuse.earlier, reuse.at, reuse.at,
      ])
    try record(db, reuse.checks, of: db.lastInsertedRowID)
  }

  /// Records how a run ended and, in the same transaction, makes `published` current in its channel.
  /// Refused where another run has taken over (`locked`) or something to publish is not whole (`corrupt`).
  package func endRun(
    _ run: RunIdentity, status: String, exitCode: Int, message: String?, channel: String,
    publishing published: [(name: String, digest: Digest)], at time: String
  ) throws(CatalogError) {
    if status == "succeeded" { try settle(at: time) }
    for item in published where try condition(of: item.digest, isWriter: true, at: time) != .good {
      throw CatalogError(
        .corrupt, "\"\(item.name)\" was damaged before the run ended; what was current stays so",
        remedy: "run again: it is made anew")
    }
    try write { db in
      try CatalogStore.checkRunning(db, run)
      for item in published {
        let version = try CatalogStore.versionId(db, item.name, item.digest)
        try db.run(
          "INSERT INTO publication (run_id, channel, name, version_id) VALUES (?, ?, ?, ?)",
          [run.id, channel, item.name, version])
        try db.run(
          """
          INSERT INTO head (channel, name, version_id, run_id) VALUES (?, ?, ?, ?)
          ON CONFLICT (channel, name) DO UPDATE SET version_id = excluded.version_id, run_id = excluded.run_id
          """, [channel, item.name, version, run.id])
      }
      try CatalogStore.seal(db, run.seq, status: status, exitCode: exitCode, message: message, at: time)
    }
    anchor()
  }

  /// Makes the alias name this set, as one.
  package func setAlias(
    _ name: String, _ members: [(name: String, digest: Digest)], contract: JSONValue, run: RunIdentity,
    at time: String
  ) throws(CatalogError) {
    try setAlias(name, members, contract: contract, run: run.id, saying: [:], at: time)
  }

  /// The same with more for the event to say.
  func setAlias(
    _ name: String, _ members: [(name: String, digest: Digest)], contract: JSONValue, run: String,
    saying more: [String: JSONValue], at time: String
  ) throws(CatalogError) {
    let contract = CanonicalJSON.encode(contract)
    try write { db in
      try db.run(
        """
        INSERT INTO alias (name, run_id, contract, set_at) VALUES (?, ?, ?, ?)
        ON CONFLICT (name) DO UPDATE SET run_id = excluded.run_id, contract = excluded.contract, set_at = excluded.set_at
        """,
        [name, run, String(decoding: contract, as: UTF8.self), time])
      try db.run("DELETE FROM alias_member WHERE alias = ?", [name])
      for member in members {
        try db.run(
          "INSERT INTO alias_member (alias, name, version_id) VALUES (?, ?, ?)",
          [name, member.name, try CatalogStore.versionId(db, member.name, member.digest)])
      }
      var body: [String: JSONValue] = [:]
      for member in members { body[member.name] = .string(member.digest.hexadecimal) }
      var said = more
      said["alias"] = .string(name)
      said["members"] = .object(body)
      said["contract"] = .string(Digest(of: contract).hexadecimal)
      try CatalogStore.append(db, at: time, run: run, stage: nil, kind: "alias", body: .object(said))
    }
  }

  /// A run that another one marked as crashed has lost the right to write.
  private static func checkRunning(_ db: Database, _ run: RunIdentity) throws {
    guard
      try db.value(String.self, "SELECT status FROM run WHERE seq = ? AND id = ?", [run.seq, run.id])
        == "running"
    else { throw superseded("run \(run.id)") }
  }

  private static func superseded(_ what: String) -> CatalogError {
    CatalogError(.locked, "\(what) is not running any more: another run has taken over", remedy: "run again")
  }

  private static func record(_ db: Database, _ checks: [CheckRecord], of stageRun: Int64) throws {
    for check in checks {
      try db.run(
        "INSERT INTO check_result (stage_run, id, subject, severity, passed, message) VALUES (?, ?, ?, ?, ?, ?)",
        [stageRun, check.id, check.subject, check.severity, check.passed, check.message])
    }
  }

  private static func recordAction(_ db: Database, stage: String, key: String, preimage: String) throws {
    try db.run(
      "INSERT INTO action (key, stage, preimage) VALUES (?, ?, ?) ON CONFLICT (key) DO NOTHING",
      [key, stage, preimage])
  }

  /// The same content is the same version: A, B, A are versions 1, 2, 1.
  private static func record(
    _ db: Database, _ output: OutputRecord, of stage: String, by stageRun: Int64, at time: String
  ) throws {
    try db.run(
      """
      INSERT INTO artifact (name, stage, kind, format, file, class) VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT (name) DO UPDATE SET stage = excluded.stage, kind = excluded.kind, format = excluded.format,
        file = excluded.file, class = excluded.class
      """,
      [output.name, stage, output.kind, output.format, output.fileName, output.dataClass])
    let hexadecimal = output.digest.hexadecimal
    var version = try db.value(
      Int64.self, "SELECT id FROM artifact_version WHERE name = ? AND digest = ?", [output.name, hexadecimal])
    if version == nil {
      try db.run(
        """
        INSERT INTO artifact_version (name, version, digest, bytes, row_count, columns, made_by, created_at)
        VALUES (?, (SELECT coalesce(max(version), 0) + 1 FROM artifact_version WHERE name = ?), ?, ?, ?, ?, ?, ?)
        """,
        [
          output.name, output.name, hexadecimal, output.bytes, output.rows,
          output.columns.map { String(decoding: CanonicalJSON.encode($0), as: UTF8.self) }, stageRun, time,
        ])
      version = db.lastInsertedRowID
    }
    try db.run(
      "INSERT INTO stage_output (stage_run, name, version_id) VALUES (?, ?, ?)",
      [stageRun, output.name, version])
  }

  private static func versionId(_ db: Database, _ name: String, _ digest: Digest) throws -> Int64 {
    guard
      let id = try db.value(
        Int64.self, "SELECT id FROM artifact_version WHERE name = ? AND digest = ?",
        [name, digest.hexadecimal])
    else { throw CatalogError(.missing, "\(name) has no version \(digest.short)") }
    return id
  }
}
