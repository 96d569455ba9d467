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
  /// It was taken away on purpose, by gc or an erasure; whatever lies in its place does not count.
  case collected
}

extension CatalogStore {
  /// Whether the object of that digest is whole: by its status where that is the one remembered, or the one this
  /// process left it in, else by its bytes. A writer remembers, and puts a damaged object into quarantine.
  package func condition(of digest: Digest, isWriter: Bool, at time: String) throws(CatalogError)
    -> ObjectCondition
  {
    let path = folder.object(digest)
    let (kind, status) = Disk.look(path)
    switch kind {
    case .nothing: return try collection(of: digest) == nil ? .missing : .collected
    case .plain: break
    case .folder, .link, .other:
      // Somebody put something else in its place.
      if isWriter { try quarantine(digest, found: nil, at: time) }
      return .corrupt
    }
    if let status, try isKnownWhole(digest, status) {
      saw(digest, status)
      return .good
    }
    if try collection(of: digest) != nil { return .collected }
    if let status, lastMade(digest) == status {
      saw(digest, status)
      if isWriter { try remember(digest, status) }
      return .good
    }
    let found = try steadyDigest(path)
    guard found.digest == digest else {
      if isWriter { try quarantine(digest, found: found.digest, at: time) }
      return .corrupt
    }
    saw(digest, found.status)
    if isWriter, found.isSettled { try remember(digest, found.status) }
    return .good
  }

  /// The digest of an object. A backup that touches it meanwhile is waited for.
  private func steadyDigest(_ path: String) throws(CatalogError) -> Disk.Reading {
    for _ in 0..<3 {
      do throws(CatalogError) { return try Disk.digest(path) } catch {
        guard error.kind == .changed else { throw error }
      }
    }
    return try Disk.digest(path)
  }

  /// The status of the object where it is the one remembered: then it is whole, at the cost of a look.
  func statusIfKnownWhole(_ digest: Digest) throws(CatalogError) -> FileStatus? {
    guard let status = Disk.look(folder.object(digest)).status else { return nil }
    return try isKnownWhole(digest, status) ? status : nil
  }

  /// Whether the object was whole when it had that status. The catalog is asked once: what is put into quarantine
  /// or collected does not lie in its place any more.
  private func isKnownWhole(_ digest: Digest, _ status: FileStatus) throws(CatalogError) -> Bool {
    if lastKnown(digest) == status { return true }
    let row = try readApart { db in
      try db.row(
        "SELECT device, inode, bytes, modified, changed FROM object WHERE digest = ? AND state = 'live'",
        [digest.hexadecimal])
    }
    guard let row, let changed = row["changed"] as Int64?, let device = row["device"] as Int64?,
      let inode = row["inode"] as Int64?, let modified = row["modified"] as Int64?
    else { return false }
    let known = FileStatus(
      device: device, inode: inode, size: row["bytes"], modified: modified, changed: changed)
    guard status == known else { return false }
    knows(digest, status)
    return true
  }

  /// Whether an input is still what it was when the stage that now ends was handed it. Only its own
  /// status, or its bytes, can say so.
  func isUndisturbed(_ digest: Digest, at time: String) throws(CatalogError) -> Bool {
    guard let before = lastSeen(digest) else { return true }
    let path = folder.object(digest)
    if Disk.kind(path) == .plain, try FileStatus.of(path) == before { return true }
    return try condition(of: digest, isWriter: true, at: time) == .good
  }

  private func quarantine(_ digest: Digest, found: Digest?, at time: String) throws(CatalogError) {
    forgetKnown()
    try Disk.makeFolder(folder.quarantine)
    let path = folder.object(digest)
    let kept = "\(folder.quarantine)/\(digest.short)-\(found?.short ?? "other")"
    guard unsafe rename(path, kept) == 0 else {
      throw .system("\(path) is damaged and cannot be put into quarantine")
    }
    try write { db in
      try db.execute(
        sql: "UPDATE object SET state = 'quarantined', changed = NULL WHERE digest = ?",
        arguments: [digest.hexadecimal])
      try CatalogStore.append(
        db, at: time, run: nil, stage: nil, kind: "corrupt",
        body: [
          "digest": .string(digest.hexadecimal), "found": found.map { .string($0.hexadecimal) } ?? .null,
        ])
    }
  }

  private func remember(_ digest: Digest, _ status: FileStatus) throws(CatalogError) {
    try write(lasting: false) { db in
      try db.execute(
        sql: """
          UPDATE object SET state = 'live', device = ?, inode = ?, modified = ?, changed = ?
          WHERE digest = ? AND bytes = ?
          """,
        arguments: [
          status.device, status.inode, status.modified, status.changed, digest.hexadecimal, status.size,
        ])
    }
  }

  /// Reads back what this process wrote or took in and nobody has looked at since, once its status is old
  /// enough to prove something: the next run then need not digest it.
  func settle(at time: String) throws(CatalogError) {
    for digest in allSeen().sorted() where try statusIfKnownWhole(digest) == nil {
      if let status = try FileStatus.of(folder.object(digest)) { FileStatus.settle(status.age) }
      _ = try condition(of: digest, isWriter: true, at: time)
    }
  }

  /// Records an object that lies in its place. Its status is remembered by a later look at its bytes:
  /// now it is too young. One that was collected before counts again.
  static func record(_ db: Database, _ digest: Digest, bytes: Int, at time: String) throws {
    try db.run(
      """
      INSERT INTO object (digest, bytes, state, created_at) VALUES (?, ?, 'live', ?)
      ON CONFLICT (digest) DO UPDATE SET state = 'live' WHERE state <> 'live'
      """, [digest.hexadecimal, bytes, time])
    try markReturned(db, digest, at: time)
  }
}
