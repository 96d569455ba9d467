import Fingerprints
import FoundationEssentials
import Glibc
import Staging

/// The folder `artifacts/latest`: for people and other programs, a link to every current artifact (a copy of
/// a page: browsers go by the name of the file a link leads to) and the facts of the run that made it so. Derived from the catalog; it can be removed and comes back.
struct LatestView {
  let archive: Archive
  let project: Project

  /// Points the links of all that `circumstances` made to it, and writes `run.json`.
  func refresh(_ circumstances: Circumstances, run: String) throws(PipelineError) {
    let latest = project.folder + "/artifacts/latest"
    try makeFolder(latest)
    var artifacts: [String: JSONValue] = [:]
    let current = circumstances.current
    for stage in circumstances.graph.stages {
      for output in stage.outputs {
        guard let digest = current[output.name] else { continue }
        let folder = latest + "/" + stage.id
        try makeFolder(folder)
        let path = folder + "/" + output.fileName
        if output.kind == .page {
          try copy(archive.path(of: digest), to: path)
        } else {
          try link(path, to: archive.linkTarget(of: digest))
        }
        artifacts[output.name] = [
          "stage": .string(stage.id), "file": .string("\(stage.id)/\(output.fileName)"),
          "digest": .string(digest.hexadecimal),
        ]
      }
    }
    let facts: JSONValue = [
      "schema": "holdfast.run/v1", "run": .string(run), "pipeline": .string(project.pipeline.name),
      "profile": .string(circumstances.profile.name), "artifacts": .object(artifacts),
      "overrides": .list(project.overrides.map(JSONValue.string)),
    ]
    try write(latest + "/run.json", CanonicalJSON.pretty(facts))
  }

  /// A link in the place of a folder would lead out of the project: it is refused, not followed.
  private func makeFolder(_ path: String) throws(PipelineError) {
    if unsafe mkdir(path, 0o755) == 0 { return }
    guard errno == EEXIST else {
      throw PipelineError(.failed, "the folder \(path) cannot be made: \(systemReason(errno))")
    }
    var facts = stat()
    guard unsafe lstat(path, &facts) == 0, facts.st_mode & S_IFMT == S_IFDIR else {
      throw PipelineError(
        .failed, "\(path) is in the way and is no folder", remedy: "remove it; it is made anew")
    }
  }

  /// A link that is another or none is replaced in one step, so that no reader finds nothing.
  private func link(_ path: String, to target: String) throws(PipelineError) {
    if (try? FileManager.default.destinationOfSymbolicLink(atPath: path)) == target { return }
    let draft = path + ".new"
    unsafe unlink(draft)
    guard unsafe symlink(target, draft) == 0, unsafe rename(draft, path) == 0 else {
      throw PipelineError(.failed, "the link \(path) cannot be made: \(systemReason(errno))")
    }
  }

  /// A copy that is another or none is replaced in one step; what stands there is never written through.
  private func copy(_ object: String, to path: String) throws(PipelineError) {
    let draft = path + ".new"
    do {
      let bytes = try Data(contentsOf: URL(filePath: object))
      let isLink = (try? FileManager.default.destinationOfSymbolicLink(atPath: path)) != nil
      if !isLink, let old = try? Data(contentsOf: URL(filePath: path)), old == bytes { return }
      unsafe unlink(draft)
      try bytes.write(to: URL(filePath: draft))
    } catch {
      throw PipelineError(.failed, "\(draft) cannot be written: \(error)")
    }
    guard unsafe rename(draft, path) == 0 else {
      throw PipelineError(.failed, "\(path) cannot be put in its place: \(systemReason(errno))")
    }
  }

  private func write(_ path: String, _ bytes: [UInt8]) throws(PipelineError) {
    if let old = try? Data(contentsOf: URL(filePath: path)), Array(old) == bytes { return }
    do {
      try Data(bytes).write(to: URL(filePath: path), options: .atomic)
    } catch {
      throw PipelineError(.failed, "\(path) cannot be written: \(error)")
    }
  }
}
