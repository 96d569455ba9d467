import Fingerprints
import Modelling
import Staging

/// A kind of model that can be trained.
package enum Learner: String, Sendable, CaseIterable {
  /// Gradient-boosted trees.
  case boosting
  /// A random forest.
  case forest
  /// Logistic regression.
  case logistic
}

/// What can be set of `train`, checked.
struct TrainParameters: Sendable, Equatable {
  /// What is fitted, in the order of preference among equals.
  var learners: [Learner]
  /// How scores become probabilities.
  var calibration: CalibrationMethod
  /// Whether protected attributes are learnt from.
  var usesProtected: Bool

  static let declarations: [ParameterDeclaration] = [
    ParameterDeclaration(
      "learners", .choices(Learner.allCases.map(\.rawValue)), default: ["boosting", "logistic"],
      help: "What is fitted; the one that does best on held-back tenths of the training parts scores."),
    ParameterDeclaration(
      "calibration", .choice(CalibrationMethod.allCases.map(\.rawValue)), default: "beta",
      help: "How scores become probabilities; isotonic makes ties."),
    ParameterDeclaration(
      "protected", .choice(["use", "leaveOut"]), default: "use",
      help:
        "Whether protected attributes (gender, age) are learnt from; what leaving them out costs differs by bank."
    ),
  ]

  init(_ values: ParameterValues) {
    learners = (values.texts("learners") ?? []).compactMap(Learner.init)
    calibration = values.text("calibration").flatMap(CalibrationMethod.init) ?? .beta
    usesProtected = values.text("protected") != "leaveOut"
  }
}
