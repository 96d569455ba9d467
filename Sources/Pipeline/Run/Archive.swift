import Catalog
import Fingerprints
import FoundationEssentials
import Staging

/// The catalog and the object store as a run or a question sees them: in words of stages and keys, with
/// the pipeline's errors.
struct Archive: Sendable {
  /// Where everything lies.
  let folder: ArtifactFolder
  /// `nil` where there is no catalog yet and nothing may be written.
  let store: CatalogStore?
  private let lock: RunLock?

  /// Whether this is the one writer.
  var isWriter: Bool { lock != nil }

  /// The archive of the project in `project`, to write to: takes the lock.
  static func writing(in project: String, ifLocked: LockPolicy) throws(PipelineError) -> Archive {
    let folder = ArtifactFolder(project + "/artifacts")
    do throws(CatalogError) {
      let seconds: Double? =
        switch ifLocked {
        case .fail, .skip: 0
        case .wait(let seconds): seconds
        }
      let lock = try RunLock.take(
        folder, waiting: seconds, holder: "process \(ProcessIdentity.pid) since \(Timestamp.now)")
      return Archive(folder: folder, store: try CatalogStore.writing(folder, lock: lock), lock: lock)
    } catch {
      throw PipelineError(error)
    }
  }

  /// The archive to read from, while others may write.
  static func reading(in project: String) throws(PipelineError) -> Archive {
    let folder = ArtifactFolder(project + "/artifacts")
    do throws(CatalogError) {
      return Archive(folder: folder, store: try CatalogStore.reading(folder), lock: nil)
    } catch {
      throw PipelineError(error)
    }
  }

  /// Ends the work and gives the lock back.
  func close() {
    store?.close()
    lock?.release()
  }

  /// The store to write to.
  func writer() -> CatalogStore {
    guard let store, lock != nil else { preconditionFailure("only a run under the lock writes") }
    return store
  }

  /// Does something with the catalog, in the pipeline's errors.
  func translating<Result>(_ body: () throws(CatalogError) -> Result) throws(PipelineError) -> Result {
    do throws(CatalogError) { return try body() } catch { throw PipelineError(error) }
  }

  // MARK: objects

  /// Where the object of that digest lies.
  func path(of digest: Digest) -> String { folder.object(digest) }

  /// The same, from a folder below `artifacts/latest`.
  func linkTarget(of digest: Digest) -> String {
    "../.." + folder.object(digest).dropFirst(folder.path.count)
  }

  /// Bytes of those artifacts that lie in the store.
  func bytes(of artifacts: [ArtifactRef]) -> Int {
    artifacts.reduce(0) { sum, artifact in
      sum + ((try? FileStatus.of(path(of: artifact.digest))).flatMap { $0 }.map { Int($0.size) } ?? 0)
    }
  }

  /// Whether that object is whole.
  func condition(of digest: Digest) throws(PipelineError) -> ObjectCondition {
    guard let store else { return .missing }
    return try translating { () throws(CatalogError) in
      try store.condition(of: digest, isWriter: isWriter, at: Timestamp.now)
    }
  }

  /// Puts what `write` writes into the store; `isReadSoon` by a stage.
  func store(
    isReadSoon: Bool, _ write: (borrowing ObjectSink) throws -> Void
  ) throws -> (digest: Digest, byteCount: Int) {
    let object = try translating { () throws(CatalogError) in
      try writer().makeObject(staysInMemory: isReadSoon)
    }
    try write(ObjectSink(object))
    let count = object.count
    let digest = try translating { () throws(CatalogError) in try object.finish().digest }
    return (digest, count)
  }

  /// The digest of a program's file: remembered where its status is the one remembered, else of its bytes.
  func digest(ofProgram path: String) throws(PipelineError) -> Digest {
    guard let store else { return try CommandDeclaration.read(path) }
    return try translating { () throws(CatalogError) in
      try store.source(path, keeping: false, isWriter: isWriter, at: Timestamp.now)
    }
  }

  /// The digest of a source's file; with `keeping`, its bytes are in the store afterwards.
  func digest(ofSource name: String, at path: String, keeping: Bool) throws(PipelineError) -> Digest {
    guard let store else {
      // Before the first run there is nothing to remember it in.
      return try MappedFile(path: path, name: "source \"\(name)\": \(path)").digest()
    }
    do throws(CatalogError) {
      return try store.source(path, keeping: keeping, isWriter: isWriter, at: Timestamp.now)
    } catch {
      throw PipelineError(
        error.kind == .diskFull || error.kind == .readOnly ? .failed : .source,
        "source \"\(name)\": \(error.message)", remedy: error.remedy)
    }
  }
}

/// Takes the bytes of one output on their way into the store.
struct ObjectSink: ~Copyable {
  private let object: ObjectWriter

  init(_ object: ObjectWriter) { self.object = object }

  /// Takes the next bytes.
  borrowing func write(_ bytes: [UInt8]) throws(PipelineError) {
    do throws(CatalogError) { try object.write(bytes) } catch { throw PipelineError(error) }
  }

  /// Takes the next bytes.
  borrowing func write(_ bytes: RawSpan) throws(PipelineError) {
    var fault: CatalogError?
    unsafe bytes.withUnsafeBytes { bytes in
      do throws(CatalogError) { try unsafe object.write(bytes) } catch { fault = error }
    }
    if let fault { throw PipelineError(fault) }
  }
}

extension PipelineError {
  /// A fault of the catalog or the store as an error of a run.
  init(_ error: CatalogError) {
    let kind: Kind =
      switch error.kind {
      case .locked: .locked
      case .foreign, .newer, .older, .link: .usage
      case .corrupt, .missing, .chainBroken: .integrity
      case .changed: .source
      case .busy, .diskFull, .readOnly, .io: .failed
      }
    self.init(kind, error.message, remedy: error.remedy)
  }
}

/// Times as the catalog has them.
enum Timestamp {
  /// Now, UTC, with milliseconds: `2026-01-31T23:59:59.123Z`.
  static var now: String { Date.now.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true)) }

  /// So many seconds ago.
  static func before(seconds: Double) -> String {
    (Date.now - seconds).formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
  }
}
