import Clientele
package import Fingerprints

/// `ChurnModel` as the document holdfast.model/v1.
///
/// History of the format: v1, the first.
extension ChurnModel {
  /// The document of this model, `"schema"` included.
  package var document: JSONValue {
    .object([
      "schema": .string(ChurnModel.format),
      // Whole numbers beyond 2⁵³ have no exact number in JSON.
      "assignment": ["seed": .string(String(assignment.seed)), "count": .number(Double(assignment.count))],
      "encoding": .list(encoding.columns.map(\.document)),
      "learner": .string(learner),
      "contract": [
        "labelled": .number(Double(contract.labelled)), "events": .number(Double(contract.events)),
        "calibration": .string(contract.calibration), "resampling": .string(contract.resampling),
      ],
      "folds": .list(folds.map(\.document)),
    ])
  }

  /// The model that `document` holds. Throws where it is another version, or damaged: sizes that do not fit, children
  /// that do not exist, numbers that are none.
  package init(document: JSONValue) throws(ModellingError) {
    let reader = DocumentReader(document, at: "model")
    let schema = try reader.text("schema")
    guard schema == ChurnModel.format else {
      throw ModellingError(
        .otherVersion,
        "the model is in format \(schema), this program reads \(ChurnModel.format); "
          + "use the program that made it, or train again")
    }
    let assignment = try reader.member("assignment")
    let count = try assignment.integer("count")
    guard let seed = Int(try assignment.text("seed")), count > 0, count <= 1000 else {
      throw assignment.fault("seed and count of the folds")
    }
    var columns: [FeatureEncoding.Column] = []
    for column in try reader.members("encoding") { columns.append(try FeatureEncoding.Column(column)) }
    let encoding = FeatureEncoding(columns: columns)
    let contract = try reader.member("contract")
    var folds: [FoldModel] = []
    for fold in try reader.members("folds") { folds.append(try FoldModel(fold, encoding)) }
    guard folds.count == count else { throw reader.fault("as many fold models as folds") }
    self.init(
      assignment: FoldAssignment(seed: seed, count: count), encoding: encoding,
      learner: try reader.text("learner"),
      contract: TrainingContract(
        labelled: try contract.integer("labelled"), events: try contract.integer("events"),
        calibration: try contract.text("calibration"), resampling: try contract.text("resampling")),
      folds: folds)
  }
}

extension FeatureEncoding.Column {
  fileprivate var document: JSONValue {
    var members: [String: JSONValue] = [
      "name": .string(name), "group": .string(group), "protected": .bool(isProtected),
      "missingPolicy": .string(missingPolicy.rawValue),
    ]
    if case .category(let levels) = kind { members["levels"] = .array(levels.map(JSONValue.string)) }
    return .object(members)
  }

  fileprivate init(_ reader: DocumentReader) throws(ModellingError) {
    guard let policy = MissingPolicy(rawValue: try reader.text("missingPolicy")) else {
      throw reader.fault("a missing policy")
    }
    self.init(
      name: try reader.text("name"),
      kind: reader.has("levels") ? .category(levels: try reader.texts("levels")) : .number,
      isProtected: try reader.flag("protected"), group: try reader.text("group"), missingPolicy: policy)
  }
}
