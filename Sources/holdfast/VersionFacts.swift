import Catalog
import Fingerprints
import Pipeline

/// What is known of a version of an artifact without reading it.
struct VersionFacts {
  private let version: VersionRecord
  private let blocked: String?
  private let collected: String?

  init(_ version: VersionRecord, _ reader: ArtifactReader) throws(PipelineError) {
    self.version = version
    blocked = try reader.obstacle(to: version)
    collected = try reader.collection(of: version)
  }

  func say(json: Bool) {
    if json {
      return Console.say(
        JSONText.line([
          "name": .string(version.name), "version": .number(Double(version.version)),
          "digest": .string(version.digest.hexadecimal), "bytes": .number(Double(version.bytes)),
          "rows": version.rows.map { .number(Double($0)) } ?? .null, "kind": .string(version.kind),
          "stage": .string(version.stage), "file": .string(version.fileName),
          "madeIn": .string(version.madeIn),
          "createdAt": .string(version.createdAt), "blocked": blocked.map { .string($0) } ?? .null,
          "collected": collected.map { .string($0) } ?? .null,
        ]))
    }
    Console.say("\(version.name)@\(version.version)  \(version.kind)  \(version.digest.hexadecimal)")
    Console.say(
      "\(version.bytes.grouped) bytes\(version.rows.map { ", \($0.grouped) rows" } ?? ""); made by \(version.stage) in run \(version.madeIn), \(version.createdAt)"
    )
    if let blocked { Console.say("blocked, and so not current: \(blocked)") }
    if let collected { Console.say(collected) }
  }
}
