import Fingerprints
import GRDB

/// Why an erasure does not happen.
package enum ErasureRefusal: Sendable, Equatable {
  /// No run that succeeded has read the sources.
  case nothingRan
  /// The newest run that read the sources read the bytes the one before it had: nobody was removed.
  case sourcesUnchanged(run: String)
  /// Legal holds keep some of it.
  case held([Hold])
}

/// What an erasure takes away, or would.
package struct ErasurePlan: Sendable, Equatable {
  /// The run from which on things stay: the newest that succeeded and read the sources.
  package var run: String
  /// What goes: all versions of person-level artifacts and of sources that this run and later ones neither
  /// read as their source nor made, and what they made of such a version.
  package var objects: [CollectableObject]
}

extension CatalogStore {
  /// What an erasure would take away now.
  package func planErasure() throws(CatalogError) -> Result<ErasurePlan, ErasureRefusalError> {
    try read { db -> Result<ErasurePlan, ErasureRefusalError> in
      let newest = try Row.fetchAll(
        db,
        sql: """
          SELECT r.seq, r.id, group_concat(DISTINCT i.name || i.digest) AS sources FROM run r
          JOIN stage_run s ON s.run_id = r.id JOIN stage_input i ON i.stage_run = coalesce(s.reused_from, s.id)
          WHERE r.status = 'succeeded' AND i.name LIKE 'sources.%' GROUP BY r.seq ORDER BY r.seq DESC
          """)
      guard let current = newest.first else { return .failure(ErasureRefusalError(.nothingRan)) }
      // Every run read the same source: whoever is to be erased is still in it.
      guard Set(newest.map { $0["sources"] as String }).count > 1 else {
        return .failure(ErasureRefusalError(.sourcesUnchanged(run: current["id"])))
      }
      let seq: Int64 = current["seq"]
      let goes = try CatalogStore.personal(db, before: seq)
      let legal = try CatalogStore.holds(db).filter { $0.kind == .legal }
      var holding: [Hold] = []
      for hold in legal {
        let covered = try CatalogStore.upstream(
          db,
          of: """
            SELECT v.digest FROM hold h JOIN artifact_version v ON v.id = h.version_id WHERE h.id = \(hold.id)
            UNION SELECT v.digest FROM hold h JOIN stage_run s ON s.run_id = h.run_id
              JOIN stage_output o ON o.stage_run = coalesce(s.reused_from, s.id)
              JOIN artifact_version v ON v.id = o.version_id WHERE h.id = \(hold.id)
            UNION SELECT i.digest FROM hold h JOIN stage_run s ON s.run_id = h.run_id
              JOIN stage_input i ON i.stage_run = coalesce(s.reused_from, s.id) WHERE h.id = \(hold.id)
            """)
        if goes.contains(where: { covered.contains($0.digest.hexadecimal) }) { holding.append(hold) }
      }
      guard holding.isEmpty else { return .failure(ErasureRefusalError(.held(holding))) }
      return .success(ErasurePlan(run: current["id"], objects: goes))
    }
  }

  /// Erases and records it under the request's name, with nothing of whom it is about; a refusal by a legal
  /// hold is recorded too. An erasure that finds everything gone already is recorded all the same.
  package func erase(
    request: String, by actor: String, at time: String
  ) throws(CatalogError) -> Result<ErasurePlan, ErasureRefusalError> {
    let planned = try planErasure()
    switch planned {
    case .success(let plan):
      _ = try record(
        "erasure", plan.objects, policy: ["request": .string(request), "from": .string(plan.run)], by: actor,
        at: time)
      try sweep()
      // What writers that died left behind may hold anybody.
      for stray in try strays(before: time) { try Disk.remove(stray.path) }
    case .failure(let refusal):
      guard case .held(let holds) = refusal.ground else { break }
      try note(
        "erasure-refused", run: nil,
        body: [
          "request": .string(request), "actor": .string(actor),
          "holds": .list(holds.map { .number(Double($0.id)) }),
        ], at: time)
      anchor(withEvents: true)
    }
    return planned
  }

  /// Whether what is of that class holds persons' data.
  static func holdsPersons(_ dataClass: String) -> Bool {
    dataClass == "raw-PII" || dataClass == "derived-PII"
  }

  /// Person-level objects that runs from number `seq` on neither read as a source nor made, and those they
  /// made of such a one (a page that sets an earlier ranking beside today's).
  private static func personal(_ db: Database, before seq: Int64) throws -> [CollectableObject] {
    let executions = """
      WITH execution(id) AS (SELECT DISTINCT coalesce(s.reused_from, s.id) FROM run r
        JOIN stage_run s ON s.run_id = r.id WHERE r.seq >= \(seq))

      """
    let stays = try Set(
      String.fetchAll(
        db,
        sql: executions + """
          SELECT i.digest FROM execution x JOIN stage_input i ON i.stage_run = x.id WHERE i.name LIKE 'sources.%'
          UNION SELECT v.digest FROM execution x JOIN stage_output o ON o.stage_run = x.id
            JOIN artifact_version v ON v.id = o.version_id
          """))
    let made = try Row.fetchAll(
      db,
      sql: executions + """
        SELECT i.digest AS input, v.digest AS output FROM execution x JOIN stage_input i ON i.stage_run = x.id
        JOIN stage_output o ON o.stage_run = x.id JOIN artifact_version v ON v.id = o.version_id
        """
    ).map { (input: $0["input"] as String, output: $0["output"] as String) }
    // Of what no run refers to nothing is known.
    let personal = try presentObjects(db).filter { object in
      object.dataClass.map(CatalogStore.holdsPersons) ?? true
    }
    let candidates = Set(personal.map(\.digest))
    // Versions collected before are gone, and what was made of them goes all the same.
    let former = try Set(
      String.fetchAll(
        db,
        sql: """
          SELECT v.digest FROM artifact_version v JOIN artifact a ON a.name = v.name
          WHERE a.class IN ('raw-PII', 'derived-PII')
          """))
    var goes = candidates.union(former).subtracting(stays)
    while true {
      let more = made.filter {
        goes.contains($0.input) && candidates.contains($0.output) && !goes.contains($0.output)
      }
      if more.isEmpty { break }
      goes.formUnion(more.map(\.output))
    }
    return personal.filter { goes.contains($0.digest) }.compactMap { object in
      Digest(hexadecimal: object.digest).map {
        CollectableObject(
          digest: $0, bytes: object.bytes, dataClass: object.dataClass ?? "unreferenced")
      }
    }
  }
}

/// A refusal as an error.
package struct ErasureRefusalError: Error, Sendable, Equatable {
  /// Why.
  package let ground: ErasureRefusal

  init(_ ground: ErasureRefusal) { self.ground = ground }
}
