package import Fingerprints
import GRDB
import Glibc

/// What an object looked at turned out to be.
package enum ObjectCondition: String, Sendable {
  /// Its bytes are those of its digest.
  case good
  /// It is not there.
  case missing
  /// Its bytes are others; it was put into quarantine (by a writer).
  case corrupt
}

extension CatalogStore {
  /// Whether the object of that digest is whole: by its status where that is the one remembered, else
  /// by its bytes. A writer remembers, and puts a damaged object into quarantine.
  package func condition(of digest: Digest, isWriter: Bool, at time: String) throws(CatalogError) -> ObjectCondition {
    let path = folder.object(digest)
    guard let status = try FileStatus.of(path) else { return .missing }
    let known = try read { db in
      try Row.fetchOne(
        db, sql: "SELECT device, inode, bytes, modified, changed FROM object WHERE digest = ?",
        arguments: [digest.hexadecimal])
    }
    if let known, let changed = known["changed"] as Int64?,
      status
        == FileStatus(
          device: known["device"] ?? 0, inode: known["inode"] ?? 0, size: known["bytes"], modified: known["modified"] ?? 0,
          changed: changed)
    {
      return .good
    }
    let found = try Disk.digest(path)
    if found.digest == digest {
      if isWriter, !found.status.isRacy { try remember(digest, found.status) }
      return .good
    }
    if isWriter {
      try Disk.makeFolder(folder.quarantine)
      let kept = "\(folder.quarantine)/\(digest.short)-\(found.digest.short)"
      guard unsafe rename(path, kept) == 0 else { throw .system("\(path) is damaged and cannot be put into quarantine") }
      try write { db in
        try db.execute(
          sql: "UPDATE object SET state = 'quarantined', changed = NULL WHERE digest = ?",
          arguments: [digest.hexadecimal])
        try CatalogStore.append(
          db, at: time, run: nil, stage: nil, kind: "corrupt",
          body: ["digest": .string(digest.hexadecimal), "found": .string(found.digest.hexadecimal)])
      }
    }
    return .corrupt
  }

  private func remember(_ digest: Digest, _ status: FileStatus) throws(CatalogError) {
    try write { db in
      try db.execute(
        sql: "UPDATE object SET state = 'live', device = ?, inode = ?, modified = ?, changed = ? WHERE digest = ?",
        arguments: [status.device, status.inode, status.modified, status.changed, digest.hexadecimal])
    }
  }

  /// Records an object that lies in its place.
  static func record(_ db: Database, _ digest: Digest, bytes: Int, at time: String, _ status: FileStatus?) throws {
    let sure = status.flatMap { $0.isRacy ? nil : $0 }
    try db.execute(
      sql: """
        INSERT INTO object (digest, bytes, state, created_at, device, inode, modified, changed)
        VALUES (?, ?, 'live', ?, ?, ?, ?, ?)
        ON CONFLICT (digest) DO UPDATE SET state = 'live', device = excluded.device, inode = excluded.inode,
          modified = excluded.modified, changed = excluded.changed
        """,
      arguments: [
        digest.hexadecimal, bytes, time, sure?.device, sure?.inode, sure?.modified, sure?.changed,
      ])
  }

  /// The digest of a source file: remembered where its status is the one remembered, else of its bytes.
  /// With `keeping`, its bytes are an object afterwards.
  package func source(
    _ path: String, keeping: Bool, isWriter: Bool, at time: String
  ) throws(CatalogError) -> Digest {
    guard let status = try FileStatus.of(path) else {
      throw CatalogError(.missing, "\(path) is not there", remedy: "mend the source's path in pipeline.json")
    }
    let known = try read { db in
      try Row.fetchOne(db, sql: "SELECT * FROM source_file WHERE path = ?", arguments: [path])
    }
    if let known,
      status
        == FileStatus(
          device: known["device"], inode: known["inode"], size: known["bytes"], modified: known["modified"],
          changed: known["changed"]),
      let digest = Digest(hexadecimal: known["digest"])
    {
      if !keeping { return digest }
      if try condition(of: digest, isWriter: isWriter, at: time) == .good { return digest }
    }
    guard isWriter else { return try Disk.digest(path).digest }
    let found = keeping ? try importFile(path, at: time) : try Disk.digest(path)
    if !found.status.isRacy {
      try write { db in
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

  /// Copies a file into the store while digesting it; a file that changes meanwhile is refused.
  private func importFile(_ path: String, at time: String) throws(CatalogError) -> (digest: Digest, status: FileStatus) {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system("\(path) cannot be opened") }
    defer { Glibc.close(descriptor) }
    let before = try FileStatus.of(descriptor: descriptor, path)
    let object = try makeObject()
    try unsafe Disk.read(descriptor, path) { (bytes) throws(CatalogError) in try unsafe object.write(bytes) }
    let after = try FileStatus.of(descriptor: descriptor, path)
    guard before == after else {
      throw CatalogError(.changed, "\(path) changed while it was read", remedy: "run again when it is complete")
    }
    let bytes = object.count
    let stored = try object.finish()
    try write { db in
      try CatalogStore.record(db, stored.digest, bytes: bytes, at: time, stored.status)
    }
    return (stored.digest, after)
  }
}
