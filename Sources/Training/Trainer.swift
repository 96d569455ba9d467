import Clientele
import Findings
import Learning
import Modelling
import Numerics

/// What training comes to: a model a fold, and what is said of it.
struct Trained: Sendable {
  /// What scores: a learner's name, or `blend`.
  var learner: String
  /// `beta`, `platt` or `isotonic`; `blend` where the blend's fit calibrates.
  var calibration: String
  var folds: [FoldModel]
  /// The figures of what scores first, then of the others.
  var learners: [TrainingFindings.LearnerFinding]
  var capacities: [TrainingFindings.CapacityFinding] = []
  var notes: [String] = []
  /// Each fold's held-out customers: what scores says of them (log-odds), and whether they left.
  var heldOut: (scores: [[Double]], labels: [[Double]]) = ([], [])
  /// The scorecard of each fold, where one scores by itself or in the blend.
  var cards: [ScorecardFit] = []

  var logLoss: Double { learners.first?.logLoss ?? 0 }
  var rocAuc: Double { learners.first?.rocAuc ?? 0.5 }
}

/// Trains on customers and their examples in one of three ways: a blend of all learners asked for; the best of them by
/// the tenths kept inside the training parts; or, where there are many customers, the best on a sample of them.
struct Trainer: Sendable {
  let parameters: TrainParameters
  /// Training rows a part has, which capacities are sized by.
  let rows: Int
  let seed: UInt64
  let crew: Crew

  /// Labelled customers above which the features are let go of once they are in bins.
  var mostKept = TrainingData.mostPlainRows

  /// How the learners asked for come to one score.
  enum Way: Sendable, Equatable {
    case blend
    case bestOnTenths
    case bestOnSample
  }

  /// Labelled customers up to which a blend is the default: above, its members cost more than they bring.
  static let mostBlended = 30_000
  /// Labelled customers of the sample on which one of several learners is chosen where there are many.
  static let sampled = 20_000

  /// The way for `labelled` customers.
  func way(_ labelled: Int) -> Way {
    guard parameters.learners.count > 1 else { return .bestOnTenths }
    switch parameters.blend {
    case .always: return .blend
    case .never: return labelled > Trainer.mostBlended ? .bestOnSample : .bestOnTenths
    case .auto: return labelled > Trainer.mostBlended ? .bestOnSample : .blend
    }
  }

  /// The learners that fit a table of these parts: one too wide for a linear model is no reason to train nothing.
  func fitting(_ asked: [Learner], _ parts: [FoldPart]) -> [Learner] {
    asked.filter { learner in
      learner != .logistic || asked.count == 1 || parts.allSatisfy { $0.fitsLinear(crew: crew) }
    }
  }

  /// Each learner's best capacity a fold, and the learner that does best on the tenths.
  func best(
    of asked: [Learner], _ data: TrainingData, _ examples: [Examples]
  ) throws(LearningError) -> Trained {
    let parts = data.parts(examples, keepsTenth: true, asked, crew: crew)
    if data.labelled.count > mostKept, asked.allSatisfy(\.growsTrees) { data.dropFrame() }
    let learners = fitting(asked, parts)
    var capacities: [[Capacity]] = []
    for learner in learners { capacities.append(try self.capacities(of: learner)) }
    let all = capacities
    // The largest first, so that no worker is left with a long one at the end.
    let jobs = capacities.indices.flatMap { learner in
      capacities[learner].indices.reversed().flatMap { capacity in
        parts.indices.map { (learner: learner, capacity: capacity, fold: $0) }
      }
    }
    let fitted = try crew.mapSharing(jobs.count) { (job, crew) throws(LearningError) -> FittedCapacity in
      let (learner, capacity, fold) = jobs[job]
      return try FittedCapacity(all[learner][capacity], parts[fold], crew: crew)
    }
    let results = learners.indices.map { learner in
      let tried = parts.indices.map { fold in
        capacities[learner].indices.compactMap { capacity in
          zip(jobs, fitted).first { $0.0 == (learner, capacity, fold) }?.1
        }
      }
      return LearnerResult(
        learners[learner], tried, capacities[learner], parts, parameters.calibration, crew: crew)
    }
    guard let best = results.min(by: { $0.tenthLogLoss < $1.tenthLogLoss }) else {
      throw LearningError(.badParameter, "no learner is asked for")
    }
    let others = results.filter { $0.learner != best.learner }
    var trained = Trained(
      learner: best.learner.rawValue, calibration: parameters.calibration.rawValue,
      folds: parts.indices.map { fold in
        FoldModel(
          fill: parts[fold].fill, predictor: best.chosen[fold].predictor, calibration: best.maps[fold])
      }, learners: [best.finding(chosen: true)] + others.map { $0.finding(chosen: false) },
      capacities: results.flatMap(\.capacities), heldOut: best.heldOut,
      cards: best.chosen.compactMap(\.card))
    if jobs.count > parts.count {
      trained.notes.append(
        "Learner and capacity were chosen by \(jobs.count) fits, of which \(parts.count), one a fold, score.")
    }
    if parts.contains(where: \.tenth.isEmpty) {
      trained.notes.append(
        "Some folds hold too few customers for a held-back tenth; there, boosting grew "
          + "\(Capacity.treesUnstopped) trees and capacities were judged on the customers learnt from.")
    }
    if best.maps.contains(.identity) {
      trained.notes.append(
        "Some folds' probabilities could not be calibrated and are the scores as they are.")
    }
    return trained
  }

  /// All learners, each fitted to the whole of every fold's training part, and the weights that blend them: for each
  /// fold those that do best on the other folds' held-out customers.
  func blend(
    of asked: [Learner], _ data: TrainingData, _ examples: [Examples]
  ) throws(LearningError) -> Trained {
    let parts = data.parts(examples, keepsTenth: false, asked, crew: crew)
    let learners = fitting(asked, parts)
    var asMembers: [(learner: Learner, capacity: Capacity)] = []
    for learner in learners {
      for capacity in try members(of: learner, columns: parts[0].frame.columns.count) {
        asMembers.append((learner, capacity))
      }
    }
    let wanted = asMembers
    let fitted = try crew.mapSharing(wanted.count * parts.count) {
      (job, crew) throws(LearningError) -> (model: FittedCapacity, heldOut: [Double]) in
      let part = parts[job % parts.count]
      let model = try FittedCapacity(wanted[job / parts.count].capacity, part, crew: crew)
      return (model, part.heldOutLogits(model.predictor, crew: crew))
    }
    let labels = parts.map { part in part.heldOut.map { part.labels[Int($0)] } }
    let members = wanted.enumerated().map { place, one in
      BlendMember(
        one.learner, one.capacity,
        isOneOfSeveral: wanted.count { $0.learner == one.learner } > 1,
        Array(fitted[place * parts.count..<(place + 1) * parts.count])
      ).averagedBest(parts, parameters.calibration, labels, crew: crew)
    }
    let blends = try crew.map(parts.count) { (fold: Int) throws(LearningError) -> LogitBlend in
      let others = parts.indices.filter { $0 != fold }
      return try LogitBlend.fit(
        members.map { member in others.flatMap { member.logits[$0] } },
        labels: others.flatMap { labels[$0] })
    }
    let folds = parts.indices.map { fold in
      let counting = members.indices.filter { blends[fold].weights[$0] > 0 }.map { place in
        PredictorBlend.Member(
          learner: members[place].name, weight: blends[fold].weights[place],
          predictor: members[place].predictors[fold])
      }
      return FoldModel(
        fill: parts[fold].fill,
        predictor: .blend(PredictorBlend(intercept: blends[fold].intercept, members: counting)),
        calibration: .identity)
    }
    let scores = parts.indices.map { fold in blends[fold].logits(members.map { $0.logits[fold] }) }
    var blended = OutOfFold(labels: labels).finding(
      of: Trained.blendName, probabilities: scores.map { $0.map { logistic($0) } }, crew: crew)
    blended.chosen = true
    let alone = members.enumerated().map { place, member in
      var finding = member.finding(parameters.calibration, labels, crew: crew)
      finding.weight = blends.reduce(0) { $0 + $1.weights[place] } / Double(parts.count)
      finding.chosen = blends.contains { $0.weights[place] > 0 }
      return finding
    }
    return Trained(
      learner: Trained.blendName, calibration: "blend", folds: folds, learners: [blended] + alone,
      heldOut: (scores, labels),
      cards: members.enumerated().filter { place, _ in blends.contains { $0.weights[place] > 0 } }
        .flatMap { $0.element.cards })
  }
}

extension Trained {
  /// What the blend is called among learners.
  static let blendName = "blend"
}

extension TrainingData {
  /// Every fold's training part, ready for `learners`.
  func parts(_ examples: [Examples], keepsTenth: Bool, _ learners: [Learner], crew: Crew) -> [FoldPart] {
    let needsBins = learners.contains(where: \.growsTrees)
    // A blend counts its columns by the features.
    let needsFrame = !keepsTenth || !learners.allSatisfy(\.growsTrees)
    return crew.mapSharing(assignment.count) { fold, crew in
      FoldPart(
        self, fold: fold, examples[fold], keepsTenth: keepsTenth, needsBins: needsBins,
        needsFrame: needsFrame, crew: crew)
    }
  }
}
