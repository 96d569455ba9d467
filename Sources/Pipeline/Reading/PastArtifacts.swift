package import Catalog
package import Columnar
package import Fingerprints

/// What past runs made, by digest: for comparing, replaying and looking up.
package struct PastArtifacts: Sendable {
  /// The catalog.
  package let store: CatalogStore

  /// The artifacts of the project in `folder`; throws where nothing ever ran there.
  package init(folder: String) throws(PipelineError) {
    guard let store = try Archive.reading(in: folder).store else {
      throw PipelineError(
        .usage, "there are no artifacts in \(folder) yet", remedy: "run `holdfast run` first")
    }
    self.store = store
  }

  /// The run called `name`; throws where there is none.
  package func run(_ name: String) throws(PipelineError) -> PastRun {
    let found: PastRun?
    let known: [String]
    do throws(CatalogError) {
      found = try store.pastRun(name)
      known = found == nil ? try store.runs(newest: 1).map(\.id) : []
    } catch { throw PipelineError(error) }
    if let found { return found }
    throw PipelineError(
      .usage, "there is no run \(quoted(name))",
      remedy: known.first.map { "the newest is \($0); `holdfast log` lists them" } ?? "nothing ever ran here")
  }

  /// Whether there is a run of that name.
  package func isRun(_ name: String) throws(PipelineError) -> Bool {
    do throws(CatalogError) { return try store.pastRun(name) != nil } catch { throw PipelineError(error) }
  }

  /// The newest run that ended well, of a profile or of any, that published an artifact where one is named,
  /// before another where one is given; `nil` where there is none.
  package func newestGoodRun(
    profile: String? = nil, publishing artifact: String? = nil, before name: String? = nil
  ) throws(PipelineError) -> PastRun? {
    do throws(CatalogError) {
      guard let id = try store.newestGoodRun(profile: profile, publishing: artifact, before: name) else {
        return nil
      }
      return try store.pastRun(id)
    } catch { throw PipelineError(error) }
  }

  /// The stage that first made a version, and its run.
  package func maker(of version: VersionRecord) throws(PipelineError) -> (run: PastRun, stage: PastStage) {
    do throws(CatalogError) {
      if let maker = try store.maker(of: version.name, version.digest), let run = try store.pastRun(maker.run)
      {
        return (run, maker.stage)
      }
    } catch { throw PipelineError(error) }
    throw PipelineError(
      .integrity, "the catalog does not say what made \(version.name)@\(version.version)",
      remedy: "`holdfast verify` says what is wrong with it")
  }

  /// The version of an artifact with that digest.
  package func version(of name: String, _ digest: Digest) throws(PipelineError) -> VersionRecord? {
    do throws(CatalogError) { return try store.versions(of: name).first { $0.digest == digest } } catch {
      throw PipelineError(error)
    }
  }

  /// The decisions about a run, oldest first.
  package func signOffs(of run: String) throws(PipelineError) -> [SignOff] {
    do throws(CatalogError) { return try store.signOffs(of: run) } catch { throw PipelineError(error) }
  }

  /// The document of that digest; `name` is what messages call it.
  package func document(_ name: String, _ digest: Digest) throws -> JSONValue {
    try JSONParser.parse(MappedFile(path: path(name, digest), name: name).copied())
  }

  /// The table of that digest, mapped.
  package func table(_ name: String, _ digest: Digest) throws -> MappedTable {
    try MappedTable(path: path(name, digest))
  }

  /// Where the object lies; throws where its bytes are not those of its digest.
  func path(_ name: String, _ digest: Digest) throws(PipelineError) -> String {
    let condition: ObjectCondition
    do throws(CatalogError) {
      condition = try store.condition(of: digest, isWriter: false, at: Timestamp.now)
    } catch { throw PipelineError(error) }
    if condition == .collected { throw try PipelineError(collected: digest, "\"\(name)\"", in: store) }
    guard condition == .good else {
      throw PipelineError(
        .integrity, "the bytes of \"\(name)\" (\(digest.short)) are \(condition.rawValue)",
        remedy: "a version collected or damaged can be made anew from its run: `holdfast reproduce`")
    }
    return store.folder.object(digest)
  }
}
