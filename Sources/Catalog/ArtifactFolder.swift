package import Fingerprints

/// Where things lie under `artifacts/`.
package struct ArtifactFolder: Sendable, Equatable {
  /// The folder itself.
  package let path: String

  /// A folder; made when first written to.
  package init(_ path: String) { self.path = path }

  /// The catalog.
  package var catalog: String { path + "/catalog.sqlite" }
  /// The objects, each under its digest.
  package var objects: String { path + "/objects" }
  /// What is being written; swept when a run begins.
  package var unfinished: String { objects + "/tmp" }
  /// Where programs of others work, each in a folder of its own; swept when a run begins.
  package var work: String { path + "/work" }
  /// What such programs printed when they last ran, a file a stage.
  package var logs: String { path + "/logs" }
  /// Objects whose bytes no longer match their digest.
  package var quarantine: String { path + "/quarantine" }
  /// Links to the newest committed run's outputs.
  package var latest: String { path + "/latest" }
  /// Where the next `latest` is put together.
  package var nextLatest: String { latest + ".new" }
  /// Signed statements about runs.
  package var manifests: String { path + "/manifests" }
  /// A line a run: the digest its record ended with. Proves something to whoever keeps a copy elsewhere.
  package var anchors: String { path + "/anchors.log" }
  /// The lock's file.
  package var lock: String { path + "/.lock" }

  /// Where the object of that digest lies.
  package func object(_ digest: Digest) -> String { "\(shelf(digest))/\(digest.hexadecimal)" }

  /// The folder in which the object of that digest lies.
  func shelf(_ digest: Digest) -> String { "\(objects)/\(digest.hexadecimal.prefix(2))" }

  /// Removes what `nextLatest` holds: what a run that died left of it, or what `latest` was before.
  package func removeNextLatest() { Disk.removeTree(nextLatest) }

  /// Removes a folder within `work`.
  package func remove(work folder: String) { Disk.removeTree(folder) }

  /// Removes all of `work`: what programs of a run that died left of it. Only under the lock.
  package func sweepWork() { Disk.removeTree(work) }

  /// Removes the folder at `path` with all that is in it; whether nothing of it is left. One that is a disk of its own
  /// is left empty.
  package static func remove(whole path: String) -> Bool {
    Disk.removeTree(path)
    return Disk.isEmpty(path)
  }

  /// Whether `name` may be part of a path below the folder: letters, digits, `.`, `_`, `-`, not
  /// beginning with a point.
  package static func isSafe(_ name: String) -> Bool {
    guard let first = name.utf8.first, first != UInt8(ascii: "."), name.utf8.count <= 128 else {
      return false
    }
    return name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
        true
      default: false
      }
    }
  }

  /// Makes `folder`, one of those above; a link in its place is refused.
  package func make(_ folder: String) throws(CatalogError) {
    try Disk.makeFolder(path)
    try Disk.makeFolder(folder)
  }

  /// Throws where a link stands in the place of anything a writer writes to or removes from.
  package func refuseLinks() throws(CatalogError) {
    for place in [
      path, catalog, objects, unfinished, work, logs, quarantine, latest, manifests, anchors,
    ] where Disk.kind(place) == .link { throw CatalogError(link: place) }
  }

  /// Makes the folders a writer needs, to last.
  func make() throws(CatalogError) {
    for (folder, parent) in [(path, nil), (objects, path), (unfinished, objects)] {
      if try Disk.makeFolder(folder), let parent { try Disk.syncFolder(parent) }
    }
  }
}
