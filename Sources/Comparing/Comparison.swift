package import Fingerprints

/// One of the two things compared.
package struct ComparedSide: Sendable, Equatable {
  /// What it is called: `r3`, `ranking@5`.
  package var label: String
  /// The run it is, or was made in.
  package var run: String
  /// The profile of that run.
  package var profile: String
  /// When that run began.
  package var at: String
  /// Who began it.
  package var actor: String
  /// The keys (the beginnings of their identities) by which a signed manifest of that run lies beside the catalog.
  /// Whether it holds, `verify --public-key` says.
  package var signatures: [String]
  /// Decisions about that run, oldest first: `approved by validator`.
  package var signOffs: [String]

  /// A side.
  package init(
    label: String, run: String, profile: String, at: String, actor: String = "", signatures: [String] = [],
    signOffs: [String] = []
  ) {
    self.label = label
    self.run = run
    self.profile = profile
    self.at = at
    self.actor = actor
    self.signatures = signatures
    self.signOffs = signOffs
  }

  var json: JSONValue {
    [
      "name": .string(label), "run": .string(run), "profile": .string(profile), "at": .string(at),
      "actor": .string(actor), "signatures": .texts(signatures), "signOffs": .texts(signOffs),
    ]
  }
}

/// Something that has an old and a new value in words.
package struct ValueChange: Sendable, Equatable {
  /// What: `rank.saveRate`, `train`, `features`.
  package var name: String
  /// Before; `nil` where there was none.
  package var old: String?
  /// Now; `nil` where there is none.
  package var new: String?
  /// Where the new one is declared: `pipeline.json:41`; `nil` where that is not known.
  package var place: String?

  /// A change.
  package init(_ name: String, old: String?, new: String?, place: String? = nil) {
    self.name = name
    self.old = old
    self.new = new
    self.place = place
  }

  var json: JSONValue {
    func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
    return ["name": .string(name), "old": text(old), "new": text(new), "place": text(place)]
  }
}

/// A number that is followed, before and now.
package struct MetricChange: Sendable, Equatable {
  /// What: `evaluate.rocAuc`.
  package var name: String
  /// Before, NaN where there was none.
  package var old: Double
  /// Now, NaN where there is none.
  package var new: Double
  /// The change's 95 % interval where the errors of both are known. The two are taken as measured on other
  /// customers; on the same ones the change is surer than it says.
  package var lower: Double?
  package var upper: Double?

  /// A change; with standard errors, its interval.
  package init(_ name: String, old: Double, new: Double, errors: (old: Double, new: Double)? = nil) {
    self.name = name
    self.old = old
    self.new = new
    if let errors {
      let reach = 1.959963984540054 * (errors.old * errors.old + errors.new * errors.new).squareRoot()
      (lower, upper) = (new - old - reach, new - old + reach)
    }
  }

  /// Whether the two differ by no more than sums of the same numbers in another order do.
  package var isRounding: Bool { abs(new - old) <= 1e-12 * max(abs(old), abs(new)) }

  /// Whether zero lies in the interval; `nil` where there is none.
  package var isWithinNoise: Bool? {
    guard let lower, let upper else { return nil }
    return lower <= 0 && upper >= 0
  }

  var json: JSONValue {
    [
      "name": .string(name), "old": .number(or: old), "new": .number(or: new),
      "change": .number(or: new - old),
      "lower": .number(or: lower), "upper": .number(or: upper),
      "withinNoise": isWithinNoise.map { .bool($0) } ?? .null,
    ]
  }
}

/// All that differs between two runs, or between two versions of an artifact.
package struct Comparison: Sendable, Equatable {
  /// Name and version of the document.
  package static let format = "holdfast.diff/v1"

  /// The one compared with, and the one compared.
  package var old: ComparedSide
  package var new: ComparedSide
  /// Stages whose code differs, with its digests.
  package var code: [ValueChange] = []
  /// Parameters, seeds and contracts that differ.
  package var parameters: [ValueChange] = []
  /// Inputs of the stages that differ, with their digests: sources first.
  package var inputs: [ValueChange] = []
  /// Artifacts whose bytes differ, with their digests.
  package var artifacts: [ValueChange] = []
  /// Numbers that differ.
  package var metrics: [MetricChange] = []
  /// What the model is made of, where it differs.
  package var model: [ValueChange] = []
  /// Importance of columns, where it differs.
  package var importance: [MetricChange] = []
  /// The calibration curves, where they differ.
  package var calibration: CalibrationComparison?
  /// What both models say of the same customers, where the models differ.
  package var behaviour: ModelBehaviour?
  /// Checks that came out otherwise.
  package var checks: [CheckChange] = []
  /// Tables that differ.
  package var tables: [TableComparison] = []
  /// Documents that differ, but for those shown otherwise above.
  package var documents: [DocumentComparison] = []
  /// Segments, where they differ.
  package var segments: SegmentComparison?
  /// The ranking, where it differs.
  package var ranking: RankingComparison?
  /// What could not be compared, in sentences.
  package var notes: [String] = []

  /// A comparison in which nothing differs yet.
  package init(old: ComparedSide, new: ComparedSide) {
    self.old = old
    self.new = new
  }

  /// Whether nothing that was made differs, nor what it was made by.
  package var isSame: Bool {
    code.isEmpty && parameters.isEmpty && inputs.isEmpty && artifacts.isEmpty && metrics.isEmpty
      && checks.isEmpty
  }

  /// The document.
  package var json: JSONValue {
    [
      "schema": .string(Comparison.format), "old": old.json, "new": new.json, "same": .bool(isSame),
      "code": .list(code.map(\.json)), "parameters": .list(parameters.map(\.json)),
      "inputs": .list(inputs.map(\.json)), "artifacts": .list(artifacts.map(\.json)),
      "metrics": .list(metrics.map(\.json)),
      "checks": .list(checks.map(\.json)),
      "model": [
        "parts": .list(model.map(\.json)), "importance": .list(importance.map(\.json)),
        "calibration": calibration?.json ?? .null, "behaviour": behaviour?.json ?? .null,
      ],
      "tables": .list(tables.map(\.json)), "documents": .list(documents.map(\.json)),
      "segments": segments?.json ?? .null, "ranking": ranking?.json ?? .null, "notes": .texts(notes),
    ]
  }
}
