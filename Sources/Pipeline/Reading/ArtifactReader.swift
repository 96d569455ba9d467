package import Catalog
import Columnar
package import Fingerprints
import Glibc
package import Tabular

/// Reads artifacts back by name and version, for `show` and `export`.
package struct ArtifactReader: Sendable {
  private let store: CatalogStore

  /// The artifacts of the project in `folder`; throws where nothing ever ran there.
  package init(folder: String) throws(PipelineError) {
    guard let store = try Archive.reading(in: folder).store else {
      throw PipelineError(
        .usage, "there are no artifacts in \(folder) yet", remedy: "run `holdfast run` first")
    }
    self.store = store
  }

  /// A part of an artifact for a person.
  package enum Preview: Sendable {
    /// The whole document.
    case document(JSONValue)
    /// Schema and first rows of a table, with the number of all.
    case table(Table, rowCount: Int)
    /// The first bytes of a page or file.
    case bytes([UInt8], byteCount: Int)
  }

  /// The version that `reference` names: `NAME` for what is current in `channel` (else the newest),
  /// `NAME@3` for a version, `NAME@champion` for an alias's, `NAME@91c2…` for a digest's beginning.
  package func version(
    _ reference: String, channel: String = ProfileDeclaration.defaultName
  ) throws(PipelineError) -> VersionRecord {
    let parts = reference.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false).map(
      String.init)
    let name = parts[0]
    return try reading { () throws(CatalogError) -> Result<VersionRecord, PipelineError> in
      let versions = try store.versions(of: name)
      guard let newest = versions.last else {
        let known = try store.artifactNames()
        return .failure(
          PipelineError(
            .usage, "there is no artifact \(quoted(name))",
            remedy: NearestName.hint(name, among: known) ?? "there are \(known.joined(separator: ", "))"))
      }
      guard parts.count == 2 else {
        let head = try store.heads(channel).first { $0.name == name }?.digest
        return .success(versions.first { $0.digest == head } ?? newest)
      }
      let wanted = parts[1]
      if let number = Int(wanted), let found = versions.first(where: { $0.version == number }) {
        return .success(found)
      }
      if let alias = try store.alias(wanted),
        let digest = alias.members.first(where: { $0.name == name })?.digest,
        let found = versions.first(where: { $0.digest == digest })
      {
        return .success(found)
      }
      let matching = versions.filter { wanted.count >= 4 && $0.digest.hexadecimal.hasPrefix(wanted) }
      if matching.count == 1 { return .success(matching[0]) }
      return .failure(
        PipelineError(
          .usage, "\"\(name)\" has no version \(quoted(wanted))",
          remedy: "it has 1 to \(newest.version); an alias or the beginning of a digest will do as well"))
    }
  }

  /// Why a check keeps that version from being read; `nil` where none does.
  package func obstacle(to version: VersionRecord) throws(PipelineError) -> String? {
    try reading { () throws(CatalogError) in .success(try store.obstacle(to: version.name, version.digest)) }
  }

  /// When and how that version's bytes were taken away; `nil` where they are there.
  package func collection(of version: VersionRecord) throws(PipelineError) -> String? {
    try reading { () throws(CatalogError) in .success(try store.collection(of: version.digest)?.words) }
  }

  /// Shows that version: a document whole, of a table its first `rows` rows, of other bytes the first 64 KB.
  package func preview(_ version: VersionRecord, rows: Int = 10) throws -> Preview {
    let path = try path(version)
    switch version.kind {
    case "document":
      return .document(try JSONParser.parse(MappedFile(path: path, name: version.name).copied()))
    case "table":
      let mapped = try MappedTable(path: path)
      return .table(
        try mapped.table(rows: 0..<min(max(0, rows), mapped.rowCount)), rowCount: mapped.rowCount)
    default:
      let file = try MappedFile(path: path, name: version.name)
      return .bytes(Array(file.copied().prefix(64 << 10)), byteCount: version.bytes)
    }
  }

  /// Copies that version's bytes to `target`, whole or not at all; a file that is there is replaced.
  package func export(_ version: VersionRecord, to target: String) throws(PipelineError) {
    let file = try MappedFile(path: path(version), name: version.name)
    let draft = target + ".new"
    func refused() -> PipelineError {
      PipelineError(.failed, "\(target) cannot be written: \(systemReason(errno))")
    }
    let descriptor = unsafe open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw refused() }
    var fault: PipelineError?
    file.withBytes { span in
      unsafe span.withUnsafeBytes { bytes in
        var done = 0
        while done < bytes.count {
          let written = unsafe write(
            descriptor, UnsafeRawBufferPointer(rebasing: bytes[done...]).baseAddress, bytes.count - done)
          if written < 0, errno == EINTR { continue }
          if written <= 0 {
            fault = refused()
            return
          }
          done += written
        }
      }
    }
    if close(descriptor) != 0, fault == nil { fault = refused() }
    if fault == nil, unsafe rename(draft, target) != 0 { fault = refused() }
    if let fault {
      unsafe unlink(draft)
      throw fault
    }
  }

  /// Where the version lies; throws where its bytes are not those of its digest.
  private func path(_ version: VersionRecord) throws(PipelineError) -> String {
    let condition = try reading { () throws(CatalogError) in
      .success(try store.condition(of: version.digest, isWriter: false, at: Timestamp.now))
    }
    if condition == .collected {
      throw try PipelineError(
        collected: version.digest, "version \(version.version) of \"\(version.name)\"",
        madeIn: version.madeIn, in: store)
    }
    guard condition == .good else {
      throw PipelineError(
        .integrity, "version \(version.version) of \"\(version.name)\" is \(condition.rawValue)",
        remedy: "`holdfast run` makes what is current anew")
    }
    return store.folder.object(version.digest)
  }

  private func reading<Value>(
    _ body: () throws(CatalogError) -> Result<Value, PipelineError>
  ) throws(PipelineError) -> Value {
    let result: Result<Value, PipelineError>
    do throws(CatalogError) { result = try body() } catch { throw PipelineError(error) }
    return try result.get()
  }
}
