import Catalog
import Fingerprints
import Staging

/// What a run holds results against: inputs that must be whole, and what the same key gave before.
extension RunSession {
  /// Throws where an input that no stage of this run answers for is not whole.
  func checkInputs(_ inputs: [ArtifactRef], of stage: StageDeclaration) throws {
    for input in inputs {
      if case .source(let name) = InputSource(input.name), project.source(name)?.keep == .digest { continue }
      let condition = try archive.condition(of: input.digest)
      guard condition == .good else {
        throw PipelineError(
          .integrity, "\"\(input.name)\", an input of stage \(stage.id), is \(condition.rawValue)",
          remedy: "run again without naming stages: what makes it will make it anew")
      }
    }
  }
}

extension Archive {
  /// The first output that differs from what the same key gave before; a result is a matter of its key.
  func differing(_ preimage: KeyPreimage, _ outputs: [StoredArtifact]) throws -> String? {
    guard let before = try result(forKey: preimage.key) else { return nil }
    return outputs.first { output in
      before.outputs.contains { $0.name == output.name && $0.digest != output.digest }
    }?.name
  }
}
