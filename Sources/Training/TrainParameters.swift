import Fingerprints
import Modelling
import Staging

/// A kind of model that can be trained.
package enum Learner: String, Sendable, CaseIterable {
  /// Gradient-boosted trees, best leaf first.
  case boosting
  /// Boosted trees of which each level shares one split.
  case symmetric
  /// Boosted trees that choose among splits drawn at random.
  case randomised
  /// A random forest.
  case forest
  /// Logistic regression.
  case logistic
}

/// Whether several learners are blended or one of them is chosen.
enum Blending: String, Sendable, CaseIterable {
  /// Blended up to 30,000 labelled customers, chosen above.
  case auto
  /// Blended.
  case always
  /// Chosen.
  case never
}

/// What can be set of `train`, checked.
struct TrainParameters: Sendable, Equatable {
  /// What is fitted, in the order of preference among equals.
  var learners: [Learner]
  /// Whether they are blended.
  var blend: Blending
  /// How scores become probabilities.
  var calibration: CalibrationMethod
  /// Whether protected attributes are learnt from.
  var usesProtected: Bool

  static let declarations: [ParameterDeclaration] = [
    ParameterDeclaration(
      "learners", .choices(Learner.allCases.map(\.rawValue)),
      default: .list(Learner.allCases.map { .string($0.rawValue) }),
      help:
        "What is fitted. One alone scores by itself; several are blended, or the best is chosen (see blend)."),
    ParameterDeclaration(
      "blend", .choice(Blending.allCases.map(\.rawValue)), default: "auto",
      help:
        "Several learners: always blended, never (the best scores), or auto, blended up to 30,000 labelled customers."
    ),
    ParameterDeclaration(
      "calibration", .choice(CalibrationMethod.allCases.map(\.rawValue)), default: "beta",
      help:
        "How one learner's scores become probabilities; isotonic makes ties. A blend is calibrated by its own fit."
    ),
    ParameterDeclaration(
      "protected", .choice(["use", "leaveOut"]), default: "use",
      help:
        "Whether protected attributes (gender, age) are learnt from; what leaving them out costs differs by bank."
    ),
  ]

  init(_ values: ParameterValues) {
    learners = (values.texts("learners") ?? []).compactMap(Learner.init)
    blend = values.text("blend").flatMap(Blending.init) ?? .auto
    calibration = values.text("calibration").flatMap(CalibrationMethod.init) ?? .beta
    usesProtected = values.text("protected") != "leaveOut"
  }
}
