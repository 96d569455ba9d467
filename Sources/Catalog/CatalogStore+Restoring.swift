package import Fingerprints
import GRDB
import Glibc

extension CatalogStore {
  /// Takes objects that a policy collected back in, from files whose bytes must be those of the digests; those
  /// that are there, or were erased, are left as they are. The digests taken back.
  package func restore(
    _ files: [(digest: Digest, path: String)], at time: String
  ) throws(CatalogError) -> [Digest] {
    var restored: [Digest] = []
    for (digest, path) in files {
      guard let notice = try collection(of: digest), !notice.isErasure else { continue }
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
    return restored
  }
}
