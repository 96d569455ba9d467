import Catalog
package import Fingerprints

/// Where a version of an artifact comes from, down to the digests of the sources: a tree whose branches are
/// given once each; where one comes again, only its top.
package struct Lineage: Sendable, Equatable {
  /// What this is called where it is read: an artifact, `champion.model`, `sources.customers`.
  package var name: String
  /// The version, of an artifact.
  package var version: Int?
  /// Digest of its bytes.
  package var digest: String
  /// The stage that made it; `nil` for a source.
  package var stage: String?
  /// The run in which that stage executed.
  package var run: String?
  /// Digest of the stage's code.
  package var code: String?
  /// What it was made of; none where it was said before.
  package var inputs: [Lineage] = []
  /// Whether its inputs are told elsewhere in the tree.
  package var isRepeated = false

  /// The lineage of `reference`: `NAME`, `NAME@3`, `NAME@champion`.
  package init(of reference: String, folder: String) throws(PipelineError) {
    let version = try ArtifactReader(folder: folder).version(reference)
    let artifacts = try PastArtifacts(folder: folder)
    var seen: Set<String> = []
    do throws(CatalogError) {
      self = try Lineage.node(
        version.name, artifact: version.name, version.version, version.digest.hexadecimal, artifacts.store,
        &seen)
    } catch { throw PipelineError(error) }
  }

  private init(name: String, version: Int?, digest: String) {
    self.name = name
    self.version = version
    self.digest = digest
  }

  /// What a stage reads was there before it ran, so that this comes to an end; the set of what was seen makes
  /// sure of it.
  private static func node(
    _ name: String, artifact: String?, _ version: Int?, _ digest: String, _ store: CatalogStore,
    _ seen: inout Set<String>
  ) throws(CatalogError) -> Lineage {
    var node = Lineage(name: name, version: version, digest: digest)
    guard let artifact, let known = Digest(hexadecimal: digest),
      let step = try store.step(making: artifact, known)
    else { return node }
    node.stage = step.stage
    node.run = step.run
    node.code = step.code
    guard seen.insert(artifact + "@" + digest).inserted else {
      node.isRepeated = !step.inputs.isEmpty
      return node
    }
    for input in step.inputs {
      node.inputs.append(
        try Lineage.node(input.name, artifact: input.artifact, input.version, input.digest, store, &seen))
    }
    return node
  }

  /// What it is called with its version and the beginning of its digest.
  package var title: String { name + (version.map { "@\($0)" } ?? "") + "  " + digest.prefix(12) }

  /// The tree, a line each.
  package var lines: [String] { lines(prefix: "", rest: "") }

  private func lines(prefix: String, rest: String) -> [String] {
    let maker = stage.map { "  by \($0) in \(run ?? "")" } ?? ""
    var lines = [prefix + title + maker + (isRepeated ? "  (as above)" : "")]
    for (place, input) in inputs.enumerated() {
      let isLast = place == inputs.count - 1
      lines += input.lines(prefix: rest + (isLast ? "└─ " : "├─ "), rest: rest + (isLast ? "   " : "│  "))
    }
    return lines
  }

  /// The tree as a document.
  package var json: JSONValue {
    [
      "name": .string(name), "version": version.map { .number(Double($0)) } ?? .null,
      "digest": .string(digest), "stage": stage.map { .string($0) } ?? .null,
      "run": run.map { .string($0) } ?? .null, "code": code.map { .string($0) } ?? .null,
      "inputs": .list(inputs.map(\.json)), "repeated": .bool(isRepeated),
    ]
  }

  /// The graph in the language of Graphviz: a box a version, an arrow to what was made of it.
  package var dot: String {
    var nodes: [String] = []
    var edges: [String] = []
    collect(&nodes, &edges)
    return (["digraph lineage {", "  rankdir=LR; node [shape=box];"] + nodes + edges + ["}"]).joined(
      separator: "\n")
  }

  private var mark: String { "\(version == nil ? name : artifactName)@\(digest.prefix(12))" }

  private var artifactName: String {
    for prefix in ["champion.", "previous."] where name.hasPrefix(prefix) {
      return String(name.dropFirst(prefix.count))
    }
    return name
  }

  private func collect(_ nodes: inout [String], _ edges: inout [String]) {
    let label = [
      artifactName + (version.map { "@\($0)" } ?? ""), String(digest.prefix(12)),
      stage.map { "by \($0)" } ?? "",
    ].filter { !$0.isEmpty }.joined(separator: "\\n")
    let node = "  \"\(mark)\" [label=\"\(label)\"];"
    if !nodes.contains(node) { nodes.append(node) }
    for input in inputs {
      let edge = "  \"\(input.mark)\" -> \"\(mark)\";"
      if !edges.contains(edge) { edges.append(edge) }
      input.collect(&nodes, &edges)
    }
  }

  /// A run event of OpenLineage (spec 1.0) for each stage that took part, a source's digest and a version's
  /// as facet; `times` says when a run began.
  package func openLineage(namespace: String, at times: (String) -> String) -> [JSONValue] {
    var events: [JSONValue] = []
    var done: Set<String> = []
    func dataset(_ node: Lineage) -> JSONValue {
      [
        "namespace": .string(namespace), "name": .string(node.version == nil ? node.name : node.artifactName),
        "facets": [
          "version": [
            "_producer": "urn:holdfast:runner",
            "_schemaURL": "https://openlineage.io/spec/facets/1-0-1/DatasetVersionDatasetFacet.json",
            "datasetVersion": .string("sha256:" + node.digest),
          ]
        ],
      ]
    }
    func visit(_ node: Lineage) {
      for input in node.inputs { visit(input) }
      guard let stage = node.stage, let run = node.run, !node.isRepeated, done.insert(node.mark).inserted
      else {
        return
      }
      events.append([
        "eventType": "COMPLETE", "eventTime": .string(times(run)), "producer": "urn:holdfast:runner",
        "schemaURL": "https://openlineage.io/spec/1-0-5/OpenLineage.json#/definitions/RunEvent",
        "run": ["runId": .string(Lineage.uuid(namespace + run + stage))],
        "job": ["namespace": .string(namespace), "name": .string(stage)],
        "inputs": .list(node.inputs.map(dataset)), "outputs": .list([dataset(node)]),
      ])
    }
    visit(self)
    return events
  }

  /// A UUID (version 8) made of a digest: the same run has the same one always.
  private static func uuid(_ text: String) -> String {
    var bytes = Array(Digest(of: Array(text.utf8)).bytes.prefix(16))
    bytes[6] = bytes[6] & 0x0F | 0x80
    bytes[8] = bytes[8] & 0x3F | 0x80
    let digits = Array("0123456789abcdef".utf8)
    var text = ""
    for (place, byte) in bytes.enumerated() {
      if [4, 6, 8, 10].contains(place) { text += "-" }
      text += String(decoding: [digits[Int(byte >> 4)], digits[Int(byte & 15)]], as: UTF8.self)
    }
    return text
  }
}
