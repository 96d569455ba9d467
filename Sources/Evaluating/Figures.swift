import Findings
import Numerics
import Staging
import Statistics

extension MetricsFindings.Figures {
  /// The figures of `probabilities`, which `order` has sorted.
  init(_ order: ScoreOrder, _ probabilities: [Double], labels: [UInt8]) {
    self.init(
      rows: order.count, events: order.eventCount,
      logLoss: ProbabilityLoss.logLoss(probabilities, labels: labels), rocAuc: order.rocAuc ?? 0.5,
      averagePrecision: order.averagePrecision ?? 0,
      brier: ProbabilityLoss.brier(probabilities, labels: labels))
  }
}

extension MetricsFindings {
  /// The figures of held-out customers, of both labels.
  init(
    _ held: HeldOut, _ order: ScoreOrder, training: TrainingFindings?, importance: [Importance],
    importanceRows: Int, threshold: Double?, campaign: CampaignProfit, crew: Crew
  ) {
    let labels = held.labels
    let probabilities = held.probabilities
    let rows = labels.count
    let events = held.events
    let rate = Double(events) / Double(rows)
    let null = [Double](repeating: rate, count: rows)
    let line = CalibrationLine(probabilities, labels: labels, crew: crew)
    // What takes a pass or more over the customers, two at a time.
    let (figures, gain) = crew.both {
      Figures(order, probabilities, labels: labels)
    } and: {
      ProbabilityLoss.meanGain(
        of: ProbabilityLoss.logLosses(probabilities, labels: labels),
        over: ProbabilityLoss.logLosses(null, labels: labels))
    }
    let (parts, lossParts) = crew.both {
      BrierParts(order)
    } and: {
      LogLossParts(order)
    }
    let (smoothError, profit) = crew.both {
      order.smoothCalibrationError()
    } and: {
      Profit(campaign, order)
    }
    let (interval, mean) = crew.both {
      order.rocAucInterval
    } and: {
      ProbabilityLoss.mean(probabilities)
    }
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
      nullBrier: ProbabilityLoss.brier(null, labels: labels),
      logLossGain: Interval(
        value: gain.mean, lower: gain.mean - 1.96 * gain.error, upper: gain.mean + 1.96 * gain.error,
        method: "mean of paired differences ± 1.96 standard errors"),
      logLossGainStandardError: gain.error,
      calibration: Calibration(
        slope: line?.slope ?? 1, slopeStandardError: line?.slopeError ?? 0, intercept: line?.intercept ?? 0,
        inTheLarge: line?.inTheLarge ?? 0, meanProbability: mean, eventRate: rate,
        miscalibration: parts.miscalibration, discrimination: parts.discrimination,
        uncertainty: parts.uncertainty,
        logLossParts: Calibration.Parts(
          miscalibration: lossParts.miscalibration, discrimination: lossParts.discrimination,
          uncertainty: lossParts.uncertainty),
        smoothError: smoothError),
      liftTop10: order.lift(top: 0.1) ?? 1, liftTop20: order.lift(top: 0.2) ?? 1,
      profit: profit,
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
