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
  /// Points for the classes of each column, as banks write them.
  case scorecard

  /// What is fitted where nothing else is asked for. A scorecard is for those who must be able to add it up: it is
  /// fitted where it is asked for.
  static let usual: [Learner] = [.boosting, .symmetric, .randomised, .forest, .logistic]

  /// Whether it learns from bins.
  var growsTrees: Bool { self != .logistic && self != .scorecard }
  /// Whether it can be held to rise or fall with a column.
  var keepsDirections: Bool { self != .logistic && self != .forest }
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
  /// Columns of numbers along which the risk of leaving may only rise …
  var rising: [String]
  /// … and only fall.
  var falling: [String]
  /// How a scorecard is made.
  var card: CardTerms

  static let declarations: [ParameterDeclaration] = [
    ParameterDeclaration(
      "learners", .choices(Learner.allCases.map(\.rawValue)),
      default: .list(Learner.usual.map { .string($0.rawValue) }),
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
    ParameterDeclaration(
      "rising", .texts, default: .list([JSONValue]()),
      help:
        "Columns of numbers along which the risk of leaving may only rise; learners that cannot keep to it are left out."
    ),
    ParameterDeclaration(
      "falling", .texts, default: .list([JSONValue]()),
      help: "Columns of numbers along which the risk of leaving may only fall."),
    ParameterDeclaration(
      "cardIsMonotone", .flag, default: false,
      help: "Scorecard: whether the points of a number must rise, or fall, all the way from class to class."),
    ParameterDeclaration(
      "cardBasePoints", .number(0...100_000), default: 600,
      help: "Scorecard: points of a customer at the base odds; more points are a safer customer."),
    ParameterDeclaration(
      "cardBaseOdds", .number(0.001...1_000_000), default: 50,
      help: "Scorecard: customers who stay for each who leaves, at the base points."),
    ParameterDeclaration(
      "cardDoublingPoints", .number(0.1...10_000), default: 20,
      help: "Scorecard: points that double these odds."),
  ]

  init(_ values: ParameterValues) {
    learners = (values.texts("learners") ?? []).compactMap(Learner.init)
    blend = values.text("blend").flatMap(Blending.init) ?? .auto
    calibration = values.text("calibration").flatMap(CalibrationMethod.init) ?? .beta
    usesProtected = values.text("protected") != "leaveOut"
    rising = values.texts("rising") ?? []
    falling = values.texts("falling") ?? []
    card = CardTerms(
      isMonotone: values.flag("cardIsMonotone"), basePoints: values.number("cardBasePoints") ?? 600,
      baseOdds: values.number("cardBaseOdds") ?? 50, doubling: values.number("cardDoublingPoints") ?? 20)
  }
}
