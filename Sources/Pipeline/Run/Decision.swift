import Catalog
import Fingerprints
import Staging

/// What a run does about a stage whose inputs are known, and why.
enum Decision: Sendable {
  /// An earlier result does.
  case use(StoredResult, StageAction, why: Reason)
  /// It must execute.
  case execute(Reason)

  /// Why, for people and for programs.
  struct Reason: Sendable, Equatable {
    var text: String
    var codes: [String]
  }
}

/// An earlier result of a stage, as the archive has it.
struct StoredResult: Sendable {
  /// How it ended.
  enum Outcome: String, Sendable {
    case good
    case skipped
    case blocked
  }
  /// Its number in the catalog.
  var id: Int64
  /// How it ended.
  var outcome: Outcome
  /// What it made.
  var outputs: [ArtifactRef]
  /// What the stage said of it.
  var summary: StageSummary
  /// For a skipped one: why there was nothing to do.
  var message: String?

  /// What declared checks look at.
  func subject(_ stage: String) -> PublishGate.Subject {
    PublishGate.Subject(
      stage: stage, metrics: summary.metrics,
      outputs: Dictionary(outputs.map { ($0.name, $0.digest) }, uniquingKeysWith: { first, _ in first }))
  }
}

extension Archive {
  /// Decides about `stage`; `heads` are the channel's, `cutoff` says that something above ran.
  func decide(
    _ stage: StageDeclaration, _ preimage: KeyPreimage, forced: Bool, heads: [String: Digest],
    channel: String,
    cutoff: Bool
  ) throws -> Decision {
    if forced { return .execute(Decision.Reason(text: "forced", codes: ["forced"])) }
    if let result = try result(forKey: preimage.key) {
      for output in result.outputs {
        switch try condition(of: output.digest) {
        case .good: continue
        case .missing:
          return .execute(
            Decision.Reason(text: "output \(output.name) is missing", codes: ["outputMissing:\(output.name)"])
          )
        case .collected:
          return .execute(
            Decision.Reason(
              text: "output \(output.name) was collected", codes: ["outputCollected:\(output.name)"]))
        case .corrupt:
          return .execute(
            Decision.Reason(
              text: "output \(output.name) was damaged", codes: ["outputCorrupt:\(output.name)"]))
        }
      }
      let isCurrent = result.outputs.allSatisfy { heads[$0.name] == $0.digest }
      if isCurrent {
        let reason =
          cutoff
          ? Decision.Reason(text: "inputs came out the same", codes: ["cutoff"])
          : Decision.Reason(text: "nothing changed", codes: ["unchanged"])
        return .use(result, .reused, why: reason)
      }
      return .use(
        result, .restored, why: Decision.Reason(text: "an earlier result fits", codes: ["earlierResult"]))
    }
    guard let before = try lastPreimage(of: stage.id, channel: channel) else {
      return .execute(Decision.Reason(text: "first run", codes: ["firstRun"]))
    }
    return .execute(Decision.Reason(preimage.changes(from: before)))
  }
}

extension Decision.Reason {
  /// The changes in words: the first three, and how many more.
  init(_ changes: [KeyChange]) {
    var texts = changes.prefix(3).map(\.text)
    if changes.count > 3 { texts.append("\(changes.count - 3) more") }
    text = changes.isEmpty ? "its last result was not kept" : texts.joined(separator: ", ")
    codes = changes.isEmpty ? ["notKept"] : changes.map(\.code)
  }
}
