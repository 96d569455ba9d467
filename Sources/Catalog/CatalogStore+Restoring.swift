package import Fingerprints
import GRDB
import Glibc

extension CatalogStore {
  /// Takes objects that a policy collected back in, from files whose bytes must be those of the digests; those
  /// that are there are left as they are, and those that an erasure took, or would have taken had they been
  /// there, stay away. The digests taken back, and those withheld.
  package func restore(
    _ files: [(digest: Digest, path: String)], at time: String
  ) throws(CatalogError) -> (restored: [Digest], withheld: [Digest]) {
    var restored: [Digest] = []
    var withheld: [Digest] = []
    for (digest, path) in files {
      guard let notice = try collection(of: digest) else { continue }
      if try isErased(digest, notice) {
        withheld.append(digest)
        continue
      }
      let object = try makeObject()
      let found = try Disk.reading(path) { (descriptor) throws(CatalogError) in
        try object.copy(descriptor, path)
        return try object.finish().digest
      }
      guard found.digest == digest else {
        throw CatalogError(.corrupt, "\(path) does not hold the bytes of \(digest.short)")
      }
      let bytes = object.count
      try write { db in try CatalogStore.record(db, digest, bytes: bytes, at: time) }
      restored.append(digest)
    }
    if !restored.isEmpty { anchor(withEvents: true) }
    return (restored, withheld)
  }

  /// Whether an erasure took the object collected so, or came after a policy had taken it and would have: it
  /// takes all that may hold persons (see `personal(_:before:)`).
  private func isErased(_ digest: Digest, _ notice: CollectionNotice) throws(CatalogError) -> Bool {
    if notice.isErasure { return true }
    return try read { db in
      let later = try Int64.fetchOne(
        db, sql: "SELECT id FROM collection WHERE kind = 'erasure' AND id > ? LIMIT 1",
        arguments: [notice.id])
      guard later != nil else { return false }
      let isSource = try Int64.fetchOne(
        db, sql: "SELECT stage_run FROM stage_input WHERE name LIKE 'sources.%' AND digest = ? LIMIT 1",
        arguments: [digest.hexadecimal])
      let classes = try String.fetchAll(
        db,
        sql: "SELECT a.class FROM artifact_version v JOIN artifact a ON a.name = v.name WHERE v.digest = ?",
        arguments: [digest.hexadecimal])
      return isSource != nil || classes.isEmpty || classes.contains(where: CatalogStore.holdsPersons)
    }
  }
}
