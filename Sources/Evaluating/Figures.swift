import Findings
import Numerics
import Staging
import Statistics

/// What takes a pass or more over the held-out customers, of both labels.
struct Measures: Sendable {
  let line: CalibrationLine?
  let curves: CurvesFindings
  let figures: MetricsFindings.Figures
  /// What the log-losses gain, a customer, over those of the share who left.
  let gain: (mean: Double, error: Double)
  let nullBrier: Double
  let parts: BrierParts
  let lossParts: LogLossParts
  let smoothError: Double?
  let profit: MetricsFindings.Profit?
  let interval: (lower: Double, upper: Double)?
  let mean: Double

  /// The measures of `held`, whose probabilities `order` has sorted.
  init(_ held: HeldOut, _ order: ScoreOrder, _ campaign: CampaignProfit, crew: Crew) {
    let (probabilities, labels) = (held.probabilities, held.labels)
    line = CalibrationLine(probabilities, labels: labels, crew: crew)
    let null = [Double](repeating: Double(held.events) / Double(labels.count), count: labels.count)
    // The longest first, so that no worker is left with one at the end: of few customers that is the error by kernel.
    let (smoothError, lossParts, gain, parts, logLoss, curves, profit, interval, ranked, briers, mean) =
      crew.all(
        { order.smoothCalibrationError() },
        { LogLossParts(order) },
        {
          ProbabilityLoss.meanGain(
            of: ProbabilityLoss.logLosses(probabilities, labels: labels),
            over: ProbabilityLoss.logLosses(null, labels: labels))
        },
        { BrierParts(order) },
        { ProbabilityLoss.logLoss(probabilities, labels: labels) },
        { CurvesFindings(order) },
        { MetricsFindings.Profit(campaign, order) },
        { order.rocAucInterval },
        { (rocAuc: order.rocAuc ?? 0.5, averagePrecision: order.averagePrecision ?? 0) },
        {
          (ProbabilityLoss.brier(probabilities, labels: labels), ProbabilityLoss.brier(null, labels: labels))
        },
        { ProbabilityLoss.mean(probabilities) })
    (self.lossParts, self.gain, self.parts, self.curves) = (lossParts, gain, parts, curves)
    (self.profit, self.interval, self.smoothError, self.mean) = (profit, interval, smoothError, mean)
    figures = MetricsFindings.Figures(
      rows: order.count, events: order.eventCount, logLoss: logLoss, rocAuc: ranked.rocAuc,
      averagePrecision: ranked.averagePrecision, brier: briers.0)
    nullBrier = briers.1
  }
}

extension MetricsFindings {
  /// The figures of held-out customers, of both labels.
  init(
    _ held: HeldOut, _ order: ScoreOrder, _ measures: Measures, training: TrainingFindings?,
    importance: [Importance], importanceRows: Int, threshold: Double?
  ) {
    let rows = held.labels.count
    let events = held.events
    let (line, gain, figures) = (measures.line, measures.gain, measures.figures)
    let (parts, lossParts, interval) = (measures.parts, measures.lossParts, measures.interval)
    let auc = figures.rocAuc
    let point = threshold ?? OperatingPoint.flagging(events, of: order)
    let counts = order.confusion(at: point)
    var notes = [
      "One snapshot without dates: how the model holds up over time could not be tested here."
    ]
    if line == nil { notes.append("The calibration line could not be fitted: the outcomes are separated.") }
    if let training, training.resampling != "none" {
      notes.append(
        "The model was trained on resampled examples (\(training.resampling)); these figures are on customers as they are."
      )
    }
    self.init(
      outOfFold: figures,
      rocAucInterval: Interval(
        value: auc, lower: interval?.lower ?? 0, upper: interval?.upper ?? 1,
        method: "DeLong, on the logit scale, 95 %"),
      nullLogLoss: ProbabilityLoss.nullLogLoss(events: events, rows: rows),
      nullBrier: measures.nullBrier,
      logLossGain: Interval(
        value: gain.mean, lower: gain.mean - 1.96 * gain.error, upper: gain.mean + 1.96 * gain.error,
        method: "mean of paired differences ± 1.96 standard errors"),
      logLossGainStandardError: gain.error,
      calibration: Calibration(
        slope: line?.slope ?? 1, slopeStandardError: line?.slopeError ?? 0, intercept: line?.intercept ?? 0,
        inTheLarge: line?.inTheLarge ?? 0, meanProbability: measures.mean,
        eventRate: Double(events) / Double(rows),
        miscalibration: parts.miscalibration, discrimination: parts.discrimination,
        uncertainty: parts.uncertainty,
        logLossParts: Calibration.Parts(
          miscalibration: lossParts.miscalibration, discrimination: lossParts.discrimination,
          uncertainty: lossParts.uncertainty),
        smoothError: measures.smoothError),
      liftTop10: order.lift(top: 0.1) ?? 1, liftTop20: order.lift(top: 0.2) ?? 1,
      profit: measures.profit,
      confusion: Confusion(
        threshold: point,
        rule: threshold == nil ? "as many customers are flagged as left" : "declared",
        truePositives: counts.truePositives, falsePositives: counts.falsePositives,
        falseNegatives: counts.falseNegatives, trueNegatives: counts.trueNegatives),
      variants: (training?.learners ?? []).map { learner in
        Variant(
          name: learner.name, rows: training?.labelled ?? rows, logLoss: learner.logLoss,
          rocAuc: learner.rocAuc)
      }
        + [training?.withoutResampling].compactMap { $0 }.map { plain in
          Variant(
            name: "withoutResampling", sample: plain.sample, rows: plain.rows, logLoss: plain.logLoss,
            rocAuc: plain.rocAuc)
        },
      importance: importance, importanceRows: importanceRows, notes: notes)
  }
}

extension MetricsFindings.Profit {
  /// What a campaign on these terms earns by `order`; `nil` without customers of both labels.
  init?(_ campaign: CampaignProfit, _ order: ScoreOrder) {
    guard let expected = campaign.expectedMaximum(order), let most = campaign.maximum(order) else {
      return nil
    }
    self.init(
      value: campaign.value, offer: campaign.offer, contact: campaign.contact,
      saveRateAlpha: campaign.saveRate.alpha, saveRateBeta: campaign.saveRate.beta,
      expectedMaximum: expected.profit, expectedShare: expected.share, maximum: most.profit, share: most.share
    )
  }
}

/// Where the line is drawn between "leaves" and "stays".
enum OperatingPoint {
  /// The probability at or above which as many customers lie as left, ties included.
  static func flagging(_ wanted: Int, of order: ScoreOrder) -> Double {
    var flagged = 0
    for place in order.values.indices.reversed() {
      flagged += order.rows[place]
      if flagged >= wanted { return order.values[place] }
    }
    return order.values.first ?? 0.5
  }
}

extension CurvesFindings {
  /// The curves of `order`'s scores taken as probabilities.
  init(_ order: ScoreOrder) {
    func line(_ polyline: Polyline) -> Line { Line(x: polyline.x, y: polyline.y) }
    self.init(
      roc: line(order.rocCurve()), precisionRecall: line(order.precisionRecallCurve()),
      gains: line(order.gainsCurve()), lift: line(order.liftCurve()),
      reliability: order.reliability(groups: 20).map { group in
        let bounds = Proportion.wilson(events: group.events, rows: group.rows)
        return ReliabilityPoint(
          predicted: group.predicted, observed: group.observed, lower: bounds.lower, upper: bounds.upper,
          rows: group.rows)
      },
      histogram: order.histogram(bands: 20).map(Double.init))
  }
}
