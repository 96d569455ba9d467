package import Fingerprints
import GRDB
import Glibc

extension CatalogStore {
  /// The digest of a source file: remembered where its status is the one remembered, else of its bytes.
  /// With `keeping`, its bytes are an object afterwards (a writer's). Throws `missing`, `changed`.
  package func source(
    _ path: String, keeping: Bool, isWriter: Bool, at time: String
  ) throws(CatalogError) -> Digest {
    guard let status = try FileStatus.of(path) else {
      throw CatalogError(.missing, "\(path) is not there", remedy: "mend the source's path in pipeline.json")
    }
    let row = try readApart { db in try db.row("SELECT * FROM source_file WHERE path = ?", [path]) }
    let known = row.flatMap { row in
      Digest(hexadecimal: row["digest"]).map { digest in
        (
          digest: digest,
          status: FileStatus(
            device: row["device"], inode: row["inode"], size: row["bytes"], modified: row["modified"],
            changed: row["changed"])
        )
      }
    }
    if let known, known.status == status {
      guard keeping, isWriter else { return known.digest }
      if try condition(of: known.digest, isWriter: true, at: time) == .good { return known.digest }
    }
    guard isWriter else { return try Disk.digest(path).digest }
    let found = try look(
      path, like: known?.digest, sized: known?.status.size == status.size, keeping: keeping, at: time)
    if found.isSettled {
      try write(lasting: false) { db in
        try db.execute(
          sql: """
            INSERT INTO source_file (path, device, inode, bytes, modified, changed, digest) VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (path) DO UPDATE SET device = excluded.device, inode = excluded.inode, bytes = excluded.bytes,
              modified = excluded.modified, changed = excluded.changed, digest = excluded.digest
            """,
          arguments: [
            path, found.status.device, found.status.inode, found.status.size, found.status.modified,
            found.status.changed, found.digest.hexadecimal,
          ])
      }
    }
    return found.digest
  }

  /// Reads a source. One of the same size as before is first only digested: most often it was touched,
  /// and its object is there.
  private func look(
    _ path: String, like digest: Digest?, sized isLike: Bool, keeping: Bool, at time: String
  ) throws(CatalogError) -> Disk.Reading {
    guard keeping else { return try Disk.digest(path) }
    if let digest, isLike, try condition(of: digest, isWriter: true, at: time) == .good {
      let found = try Disk.digest(path)
      if found.digest == digest { return found }
    }
    var bytes = 0
    let found = try Disk.reading(path) { (descriptor) throws(CatalogError) in
      let object = try makeObject()
      try object.copy(descriptor, path)
      bytes = object.count
      return try object.finish().digest
    }
    let (digest, count) = (found.digest, bytes)
    try write { db in try CatalogStore.record(db, digest, bytes: count, at: time) }
    return found
  }
}
