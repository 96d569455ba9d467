import Clientele
import Fingerprints
import Learning
import Modelling
import Numerics
import Staging
import Synchronization
import Tabular

/// What all folds share: the features as numbers, who left, and who is dealt where.
struct TrainingData: Sendable {
  let encoding: FeatureEncoding
  let leftOut: [FeatureEncoding.LeftOut]
  var frame: FeatureFrame { features.frame }
  private let features: TrainingFrame
  /// The frame's columns that make a customer's group.
  let grouping: [Int]
  /// 1 left, 0 stayed, NaN where not known.
  let labels: [Double]
  /// Each customer's fold.
  let folds: [Int]
  /// Whether a customer belongs to the keyed tenth that stops boosting and chooses.
  let isTenth: [Bool]
  let assignment: FoldAssignment
  /// Rows with a label, ascending.
  let labelled: [Int32]
  let events: Int
  /// For each column of the frame whether the risk may only rise (1) or fall (−1) along it; empty where all are free.
  var directions: [Int8] = []

  /// Those of `features`, read a column at a time on `crew`.
  init(_ features: InputTable, usesProtected: Bool, crew: Crew) throws {
    let (labels, labelled) = try TrainingData.labels(features)
    events = labelled.reduce(0) { $0 + (labels[Int($1)] == 1 ? 1 : 0) }
    guard events > 0, events < labelled.count else {
      throw StageFault(
        .data,
        "all \(labelled.count) labelled customers \(events == 0 ? "stayed" : "left"): there is nothing to tell apart.",
        remedy: "Give a target column that holds both, or say which value means \"left\" (\"positive\").")
    }
    self.labels = labels
    self.labelled = labelled
    assignment = try TrainingData.assignment(features.schema)
    (folds, isTenth) = try TrainingData.dealt(features, assignment)
    let (encoding, leftOut, frame) = try FeatureEncoding.learnAndEncode(
      features.schema, rows: features.rowCount, usesProtected: usesProtected, crew: crew
    ) { name in try features.selecting([name]).column(name) }
    (self.encoding, self.leftOut) = (encoding, leftOut)
    self.features = TrainingFrame(frame)
    grouping = encoding.groupColumns(of: features.schema)
  }

  /// Those of `whole` in `rows`, in that order.
  init(_ whole: TrainingData, taking rows: [Int32]) {
    encoding = whole.encoding
    leftOut = whole.leftOut
    assignment = whole.assignment
    features = TrainingFrame(whole.frame.taking(rows))
    grouping = whole.grouping
    labels = rows.map { whole.labels[Int($0)] }
    folds = rows.map { whole.folds[Int($0)] }
    isTenth = rows.map { whole.isTenth[Int($0)] }
    labelled = rows.indices.map { Int32($0) }
    directions = whole.directions
    events = rows.reduce(0) { $0 + (whole.labels[Int($1)] == 1 ? 1 : 0) }
  }

  /// Lets go of the features: of a large table they are most of what is in memory, and trees grow on bins.
  func dropFrame() { features.drop() }

  private static func labels(_ features: InputTable) throws -> ([Double], [Int32]) {
    guard features.schema.index(of: FeatureColumn.label) != nil else { throw noLabels }
    let column = try features.selecting([FeatureColumn.label]).integers(FeatureColumn.label)
    let labels = column.doubles()
    var labelled: [Int32] = []
    for (row, label) in labels.enumerated() where !label.isNaN {
      guard label == 0 || label == 1 else {
        throw StageFault(
          .data,
          "the label of row \(row + 1) of the features is neither 0 nor 1: the target has more than two values.",
          remedy: "Say which value of the target means \"left\" (\"positive\" in its column's contract).")
      }
      labelled.append(Int32(row))
    }
    guard !labelled.isEmpty else { throw noLabels }
    return (labels, labelled)
  }

  /// Each customer's fold, and whether it belongs to the tenth.
  private static func dealt(
    _ features: InputTable, _ assignment: FoldAssignment
  ) throws -> (folds: [Int], isTenth: [Bool]) {
    let table = try features.selecting([FeatureColumn.key, FeatureColumn.fold])
    let keys = try table.texts(FeatureColumn.key)
    let dealt = assignment.folds(of: keys)
    guard try table.integers(FeatureColumn.fold).values == dealt else {
      throw StageFault(
        .failed, "the folds in the features are not those that the hash of the key gives.",
        remedy: "Make the features anew with clean.")
    }
    let seed = UInt64(bitPattern: Int64(assignment.seed)) ^ 0x7465_6e74_6800_0000
    let isTenth = (0..<keys.count).map { stableHash(keys.utf8($0), seed: seed) % 10 == 0 }
    return (dealt.map { Int($0) }, isTenth)
  }

  private static var noLabels: StageFault {
    StageFault(
      .data, "no customer has a label, so nothing can be trained.",
      remedy:
        "Give the column that says who left the role \"target\" (holdfast init … --target COLUMN), or score with "
        + "a champion: holdfast run --profile nightly.")
  }

  private static func assignment(_ features: Schema) throws -> FoldAssignment {
    guard let seed = features.metadata[FeatureColumn.foldSeed].flatMap({ Int($0) }),
      let count = features.metadata[FeatureColumn.foldCount].flatMap({ Int($0) }), count >= 2
    else {
      throw StageFault(
        .failed, "the features do not say into how many folds, at least 2, and by which seed they are dealt.",
        remedy: "Make them anew with clean.")
    }
    return FoldAssignment(seed: seed, count: count)
  }
}

/// The features as numbers, for as long as they are needed.
private final class TrainingFrame: Sendable {
  private let held: Mutex<FeatureFrame?>

  init(_ frame: FeatureFrame) { held = Mutex(frame) }

  var frame: FeatureFrame {
    guard let frame = held.withLock({ $0 }) else { preconditionFailure("the features have been let go of") }
    return frame
  }

  func drop() { held.withLock { $0 = nil } }
}
