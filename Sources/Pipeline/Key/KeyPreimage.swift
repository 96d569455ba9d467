import Clientele
package import Fingerprints
import Staging

/// All that a stage's result depends on, and the key made of it. What `explain` prints is read from
/// the same document, so the two cannot drift apart.
package struct KeyPreimage: Sendable, Equatable {
  /// Name and version of the document; another version makes every key another.
  package static let format = "holdfast.action/v1"

  /// The document: `format`, `stage`, `codeVersion`, `code`, `outputs` (format by name), `parameters`,
  /// `contract` (by source, as much as the stage is handed), `inputs` (digest by name), `seed` where used;
  /// of a command also `arguments`, `program`, `files` (digest by path) and `environment`.
  package let document: JSONValue

  /// A document read back from the catalog.
  package init(document: JSONValue) { self.document = document }

  /// The document of `stage` under these circumstances. `inputs` holds those that are there.
  init(
    _ stage: StageDeclaration, code: String, program: CommandProgram? = nil, parameters: ParameterValues,
    contracts: [String: SourceContract], inputs: [String: Digest], seed: Int
  ) throws {
    var members: [String: JSONValue] = [
      "format": .string(KeyPreimage.format), "stage": .string(stage.id),
      "codeVersion": .number(Double(stage.codeVersion)), "code": .string(code),
      "outputs": .object(
        Dictionary(
          stage.outputs.map { ($0.name, .string("\($0.kind.rawValue) \($0.format)")) },
          uniquingKeysWith: { first, _ in first })),
      "parameters": .object(parameters.values),
      "inputs": .object(inputs.mapValues { .string($0.hexadecimal) }),
    ]
    if stage.contract != .none {
      members["contract"] = .object(try contracts.mapValues { try JSONEncoding.encode($0) })
    }
    if stage.usesSeed { members["seed"] = .number(Double(seed)) }
    if let program {
      let command = program.declaration
      members["arguments"] = .list(command.arguments.map(JSONValue.string))
      members["program"] = .string(program.digest.hexadecimal)
      members["files"] = .object(program.fileDigests)
      members["environment"] = .object(command.environment.mapValues(JSONValue.string))
    }
    document = .object(members)
  }

  /// The key: SHA-256 over a heading and the document's canonical form.
  package var key: Digest {
    Digest(of: Array("holdfast.action.v1\n".utf8) + CanonicalJSON.encode(document))
  }

  /// The digest of that input, where it is there.
  package func input(_ name: String) -> Digest? {
    document["inputs"]?[name]?.text.flatMap { Digest(hexadecimal: $0) }
  }
}

extension ContractNeed {
  /// As much of `contracts` as a stage with this need is handed.
  func projection(of contracts: [String: SourceContract]) -> [String: SourceContract] {
    switch self {
    case .none: [:]
    case .types: contracts.mapValues(\.typesOnly)
    case .all: contracts
    }
  }
}
