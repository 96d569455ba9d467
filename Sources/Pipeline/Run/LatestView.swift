import Catalog
import Fingerprints
import Glibc
import Staging

/// The folder `artifacts/latest`: for people and other programs, a link to every current artifact (a copy of
/// a page: browsers go by the name of the file a link leads to) and the facts of the run that made it so.
/// Derived from the catalog; it can be removed and comes back.
///
/// What changed comes into its place as one: the next `latest` is put together beside it and the two change
/// names, so that whoever reads, and whoever looks after a death at any instant, finds one run's set and no mixture.
struct LatestView {
  let archive: Archive
  let project: Project

  private var latest: String { archive.folder.latest }
  private var draft: String { archive.folder.nextLatest }

  /// A file of the view.
  private struct Entry {
    var stage: String
    var file: String
    var kind: ArtifactKind
    var digest: Digest
    var path: String { stage + "/" + file }
  }

  /// Makes the view show all that `circumstances` made, and `run.json` say so.
  func refresh(_ circumstances: Circumstances, run: String) throws(PipelineError) {
    let current = circumstances.current
    var entries: [Entry] = []
    var artifacts: [String: JSONValue] = [:]
    for stage in circumstances.graph.stages {
      for output in stage.outputs {
        guard let digest = current[output.name] else { continue }
        let entry = Entry(stage: stage.id, file: output.fileName, kind: output.kind, digest: digest)
        entries.append(entry)
        artifacts[output.name] = [
          "stage": .string(stage.id), "file": .string(entry.path), "digest": .string(digest.hexadecimal),
        ]
      }
    }
    let facts: JSONValue = [
      "schema": "holdfast.run/v1", "run": .string(run), "pipeline": .string(project.pipeline.name),
      "profile": .string(circumstances.profile.name), "artifacts": .object(artifacts),
      "overrides": .list(project.overrides.map(JSONValue.string)),
    ]
    archive.folder.removeNextLatest()
    let isThere = try isFolder(latest)
    if isThere {
      for stage in Set(entries.map(\.stage)).sorted() { _ = try isFolder(latest + "/" + stage) }
      if entries.allSatisfy(isShown) {
        try write(CanonicalJSON.pretty(facts), to: latest + "/run.json.new")
        return try move(latest + "/run.json.new", latest + "/run.json")
      }
    }
    defer { archive.folder.removeNextLatest() }
    try assemble(entries, facts)
    guard isThere else { return try move(draft, latest) }
    let isWhole = try carryOver(entries)
    if isWhole, try exchange() { return }
    // Where names cannot be exchanged, or somebody put folders of his own there: file by file.
    for entry in entries where !isShown(entry) {
      try makeFolder(latest + "/" + entry.stage)
      try move(draft + "/" + entry.path, latest + "/" + entry.path)
    }
    try move(draft + "/run.json", latest + "/run.json")
  }

  /// Whether the file is there as it should be.
  private func isShown(_ entry: Entry) -> Bool {
    let path = latest + "/" + entry.path
    guard entry.kind == .page else { return target(path) == archive.linkTarget(of: entry.digest) }
    var facts = stat()
    guard unsafe lstat(path, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else { return false }
    do {
      let file = try MappedFile(path: path, name: path)
      // A comparison with an object that is whole costs a fraction of a digest.
      if try archive.condition(of: entry.digest) == .good,
        case let object = try MappedFile(path: archive.path(of: entry.digest), name: path),
        file.holdsSame(as: object)
      {
        return true
      }
      return file.digest() == entry.digest
    } catch { return false }
  }

  private func assemble(_ entries: [Entry], _ facts: JSONValue) throws(PipelineError) {
    try makeFolder(draft)
    for entry in entries {
      try makeFolder(draft + "/" + entry.stage)
      let path = draft + "/" + entry.path
      if entry.kind == .page {
        try write(page(entry.digest), to: path)
      } else {
        try link(path, to: archive.linkTarget(of: entry.digest))
      }
    }
    try write(CanonicalJSON.pretty(facts), to: draft + "/run.json")
  }

  private func page(_ digest: Digest) throws(PipelineError) -> [UInt8] {
    let path = archive.path(of: digest)
    do { return try MappedFile(path: path, name: path).copied() } catch {
      throw PipelineError(.failed, error.message)
    }
  }

  /// Takes along what another profile's run, or somebody else, put into `latest`; whether all of it could be.
  private func carryOver(_ entries: [Entry]) throws(PipelineError) -> Bool {
    let shown = Set(entries.map(\.path) + ["run.json"])
    for name in names(latest) {
      guard try isFolder(latest + "/" + name, refusing: false) else {
        if !shown.contains(name), !carry(name) { return false }
        continue
      }
      try makeFolder(draft + "/" + name)
      for file in names(latest + "/" + name) where !shown.contains(name + "/" + file) {
        if !carry(name + "/" + file) { return false }
      }
    }
    return true
  }

  private func carry(_ name: String) -> Bool {
    // Half of a file that an earlier version of this program was writing when it died.
    if name.hasSuffix(".new") { return true }
    if let target = target(latest + "/" + name) { return unsafe symlink(target, draft + "/" + name) == 0 }
    return unsafe Glibc.link(latest + "/" + name, draft + "/" + name) == 0
  }

  /// Lets the two folders change names, in one step; whether this system and its file system can.
  private func exchange() throws(PipelineError) -> Bool {
    // Looked up, since not every C library has it.
    typealias Renaming =
      @convention(c) (Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32) -> Int32
    guard let symbol = unsafe dlsym(nil, "renameat2") else { return false }
    let renaming = unsafe unsafeBitCast(symbol, to: Renaming.self)
    let exchanging: UInt32 = 2
    if unsafe renaming(AT_FDCWD, draft, AT_FDCWD, latest, exchanging) == 0 { return true }
    if [EINVAL, ENOSYS, EOPNOTSUPP].contains(errno) { return false }
    throw fault("\(latest) cannot be put in its place", errno)
  }

  // MARK: files

  /// Whether there is a folder. A link in its place would lead out of the project: that is refused.
  private func isFolder(_ path: String, refusing: Bool = true) throws(PipelineError) -> Bool {
    var facts = stat()
    guard unsafe lstat(path, &facts) == 0 else { return false }
    if facts.st_mode & S_IFMT == S_IFDIR { return true }
    guard refusing else { return false }
    throw PipelineError(
      .failed, "\(path) is in the way and is no folder", remedy: "remove it; it is made anew")
  }

  private func makeFolder(_ path: String) throws(PipelineError) {
    if unsafe mkdir(path, 0o755) == 0 { return }
    let number = errno
    guard number == EEXIST, try isFolder(path) else {
      throw fault("the folder \(path) cannot be made", number)
    }
  }

  private func link(_ path: String, to target: String) throws(PipelineError) {
    guard unsafe symlink(target, path) == 0 else { throw fault("the link \(path) cannot be made", errno) }
  }

  private func move(_ draft: String, _ path: String) throws(PipelineError) {
    guard unsafe rename(draft, path) == 0 else {
      throw fault("\(path) cannot be put in its place", errno)
    }
  }

  private func target(_ path: String) -> String? {
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = unsafe bytes.withUnsafeMutableBytes { bytes in
      unsafe bytes.withMemoryRebound(to: CChar.self) { text in
        guard let start = text.baseAddress else { return 0 }
        return unsafe readlink(path, start, text.count)
      }
    }
    return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
  }

  private func names(_ path: String) -> [String] {
    guard let folder = unsafe opendir(path) else { return [] }
    defer { unsafe closedir(folder) }
    var names: [String] = []
    while let entry = unsafe readdir(folder) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
        unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }

  /// Writes a new file; what stands there is removed first, never written through.
  private func write(_ bytes: [UInt8], to path: String) throws(PipelineError) {
    unsafe unlink(path)
    guard createFile(path, bytes, mode: 0o644) else { throw fault("\(path) cannot be written", errno) }
  }

  private func fault(_ what: String, _ number: Int32) -> PipelineError {
    let remedy: String? =
      switch number {
      case ENOSPC, EDQUOT, EFBIG: "free some space and run again; nothing was lost"
      case EACCES, EPERM, EROFS: "give this user the right to write there"
      default: nil
      }
    return PipelineError(.failed, "\(what): \(systemReason(number))", remedy: remedy)
  }
}
