import Fingerprints
import Learning

/// The fold models' part of holdfast.model/v1.
extension FoldModel {
  var document: JSONValue {
    var members: [String: JSONValue] = [
      "fill": .list(fill.rules.map(\.document)), "predictor": predictor.document,
      "calibration": calibration.document,
    ]
    if let band { members["band"] = ["lower": band.lower.document, "upper": band.upper.document] }
    return .object(members)
  }

  init(_ reader: DocumentReader, _ encoding: FeatureEncoding) throws(ModellingError) {
    var rules: [MissingFill.Rule] = []
    for rule in try reader.members("fill") {
      rules.append(try MissingFill.Rule(rule, width: encoding.columns.count))
    }
    guard rules.count == encoding.columns.count else { throw reader.fault("one fill rule a column") }
    let fill = MissingFill(rules: rules)
    let predictor = try Predictor(
      try reader.member("predictor"), FoldModel.shape(encoding, fill))
    var band: ProbabilityBand?
    if reader.has("band") {
      let given = try reader.member("band")
      band = ProbabilityBand(
        lower: try ProbabilityBand.Staircase(try given.member("lower")),
        upper: try ProbabilityBand.Staircase(try given.member("upper")))
    }
    self.init(
      fill: fill, predictor: predictor, calibration: try CalibrationMap(try reader.member("calibration")),
      band: band)
  }

  /// For each column of a filled frame whether it holds categories.
  private static func shape(_ encoding: FeatureEncoding, _ fill: MissingFill) -> [Bool] {
    encoding.columns.map { $0.kind != .number } + fill.rules.filter { $0 != .keep }.map { _ in false }
  }
}

extension MissingFill.Rule {
  fileprivate var document: JSONValue {
    switch self {
    case .keep: return ["kind": "keep"]
    case .category(let code): return ["kind": "category", "code": .number(Double(code))]
    case .number(let overall, let columns, let groups):
      return [
        "kind": "number", "value": .number(overall), "columns": .list(columns.map(Double.init)),
        "groups": .list(groups.map { ["key": .list($0.key), "value": .number($0.value)] }),
      ]
    }
  }

  /// A rule of an encoding of `width` columns.
  fileprivate init(_ reader: DocumentReader, width: Int) throws(ModellingError) {
    switch try reader.text("kind") {
    case "keep": self = .keep
    case "category": self = .category(Int32(clamping: try reader.integer("code")))
    case "number":
      var groups: [MissingFill.Group] = []
      for group in try reader.members("groups") {
        groups.append(MissingFill.Group(key: try group.numbers("key"), value: try group.number("value")))
      }
      let given = try reader.numbers("columns")
      let columns = given.compactMap { Int(exactly: $0) }.filter { $0 >= 0 && $0 < width }
      guard columns.count == given.count, groups.allSatisfy({ $0.key.count == columns.count }) else {
        throw reader.fault("groups by columns of the encoding")
      }
      self = .number(try reader.number("value"), columns: columns, groups: groups)
    default: throw reader.fault("a fill this program knows")
    }
  }
}

extension ProbabilityBand.Staircase {
  fileprivate var document: JSONValue { ["bounds": .list(bounds), "levels": .list(levels)] }

  fileprivate init(_ reader: DocumentReader) throws(ModellingError) {
    guard
      let stairs = ProbabilityBand.Staircase(
        bounds: try reader.numbers("bounds"), levels: try reader.numbers("levels"))
    else { throw reader.fault("a staircase of probabilities that rises") }
    self = stairs
  }
}

extension CalibrationMap {
  fileprivate var document: JSONValue {
    switch self {
    case .identity: ["kind": "identity"]
    case .beta(let a, let b, let c):
      ["kind": "beta", "a": .number(a), "b": .number(b), "c": .number(c)]
    case .platt(let slope, let intercept):
      ["kind": "platt", "slope": .number(slope), "intercept": .number(intercept)]
    case .isotonic(let scores, let probabilities):
      ["kind": "isotonic", "scores": .list(scores), "probabilities": .list(probabilities)]
    }
  }

  fileprivate init(_ reader: DocumentReader) throws(ModellingError) {
    switch try reader.text("kind") {
    case "identity": self = .identity
    case "beta":
      self = .beta(a: try reader.number("a"), b: try reader.number("b"), c: try reader.number("c"))
    case "platt":
      self = .platt(slope: try reader.number("slope"), intercept: try reader.number("intercept"))
    case "isotonic":
      let (scores, probabilities) = (try reader.numbers("scores"), try reader.numbers("probabilities"))
      guard scores.count == probabilities.count else { throw reader.fault("as many scores as probabilities") }
      self = .isotonic(scores: scores, probabilities: probabilities)
    default: throw reader.fault("a calibration this program knows")
    }
  }
}
