import Findings
import Markup

/// How good the probabilities are, on customers the scoring model had not seen.
struct ModelSection {
  let inputs: ReportInputs

  var html: HTML {
    section("model", "How good the model is") {
      checks
      if let metrics = inputs.metrics {
        paragraph(sentence(metrics), "say")
        facts(figures(metrics))
        MoreFigures(metrics: metrics).html
        if let curves = inputs.curves { charts(metrics, curves) }
        confusion(metrics)
        if !metrics.variants.isEmpty { variants(metrics) }
        sentences(metrics.notes)
      } else {
        paragraph("There are no labels in this file: the model could not be checked on it.", "say")
      }
      training
      CardSection(found: inputs.training).html
    }
  }

  private var checks: HTML {
    HTML.element("div", ["class": inputs.gate.hasSkill ? "note" : "note warn"]) {
      HTML.element("h3", ["class": "first"]) {
        inputs.gate.hasSkill ? "The model may be acted on" : "The model may not be acted on"
      }
      inputs.gate.checks.map { check in
        HTML.element("p") {
          HTML.element("b") { check.passed ? "Passed: " : "Failed: " }
          check.message
        }
      }
    }
  }

  private func sentence(_ metrics: MetricsFindings) -> String {
    let auc = metrics.rocAucInterval
    let base = metrics.calibration.eventRate
    return
      "Given one customer who left and one who stayed, the model ranks them rightly \(NumberText.decimals(100 * auc.value, 0)) times in 100. "
      + "Among the tenth it holds most likely to leave, \(NumberText.decimals(metrics.liftTop10, 1)) times as many left as among all (\(NumberText.percent(min(1, metrics.liftTop10 * base))) against \(NumberText.percent(base)))."
  }

  private func figures(_ metrics: MetricsFindings) -> [(name: String, value: String, remark: String)] {
    let (figures, auc, calibration) = (metrics.outOfFold, metrics.rocAucInterval, metrics.calibration)
    let base = figures.rows > 0 ? Double(figures.events) / Double(figures.rows) : .nan
    return [
      (
        "AUC", NumberText.decimals(auc.value, 3),
        "95 % interval \(NumberText.decimals(auc.lower, 3)) to \(NumberText.decimals(auc.upper, 3)); chance 0.5"
      ),
      (
        "Log-loss", NumberText.decimals(figures.logLoss, 4),
        "\(NumberText.decimals(metrics.nullLogLoss, 4)) for saying \(NumberText.percent(base)) to everyone; less is better"
      ),
      (
        "Average precision", NumberText.decimals(figures.averagePrecision, 3),
        "\(NumberText.decimals(base, 3)) by chance"
      ),
      (
        "Brier score", NumberText.decimals(figures.brier, 4),
        "\(NumberText.decimals(metrics.nullBrier, 4)) for the base rate; less is better"
      ),
      (
        "Calibration slope", NumberText.decimals(calibration.slope, 2),
        "± \(NumberText.decimals(1.96 * calibration.slopeStandardError, 2)); 1 is right, in the large \(NumberText.decimals(calibration.inTheLarge, 2))"
      ),
      (
        "Checked on", NumberText.count(figures.rows),
        "customers, \(NumberText.count(figures.events)) of whom left"
      ),
    ].map { (name: $0.0, value: $0.1, remark: $0.2) }
  }

  private func charts(_ metrics: MetricsFindings, _ curves: CurvesFindings) -> HTML {
    let base = metrics.calibration.eventRate
    let fifth = gain(curves.gains, at: 0.2)
    let off = curves.reliability.count { $0.predicted < $0.lower || $0.predicted > $0.upper }
    return HTML.element("div", ["class": "grid"]) {
      ReliabilityChart.html(
        ChartWords(
          id: "reliability", title: "Do the probabilities hold?",
          finding:
            "In \(curves.reliability.count - off) of \(curves.reliability.count) groups what happened agrees with what was said, within its interval."
        ),
        curves.reliability.map {
          .init(
            predicted: $0.predicted, observed: $0.observed, lower: $0.lower, upper: $0.upper, rows: $0.rows)
        }, said: "probability said", happened: "share that left")
      LineChart.html(
        ChartWords(
          id: "gains", title: "How many leavers does the top of the list hold?",
          finding: "The first fifth of customers holds \(NumberText.percent(fifth, 0)) of those who left."),
        across: .share("share of customers, most likely first"), up: .share("share of leavers found"),
        [.init("model", x: curves.gains.x, y: curves.gains.y)],
        reference: .init("by chance", x: [0, 1], y: [0, 1]),
        marks: fifth.isFinite ? [.init("a fifth: \(NumberText.percent(fifth, 0))", x: 0.2, y: fifth)] : [])
      LineChart.html(
        ChartWords(
          id: "roc", title: "Leavers found against false alarms",
          finding:
            "Area under the curve \(NumberText.decimals(metrics.rocAucInterval.value, 3)); 0.5 is chance, 1 is perfect."
        ),
        across: .share("stayers called by mistake"), up: .share("leavers found"),
        [.init("model", x: curves.roc.x, y: curves.roc.y)],
        reference: .init("by chance", x: [0, 1], y: [0, 1]))
      LineChart.html(
        ChartWords(
          id: "precision", title: "How many of those named really left?",
          finding:
            "Average precision \(NumberText.decimals(metrics.outOfFold.averagePrecision, 3)); chance gives \(NumberText.decimals(base, 3))."
        ),
        across: .share("leavers found"), up: .share("of those named, left"),
        [.init("model", x: curves.precisionRecall.x, y: curves.precisionRecall.y)],
        reference: .init("by chance", x: [0, 1], y: [base, base]))
      LineChart.html(
        ChartWords(
          id: "lift", title: "How much better than chance?",
          finding:
            "In the top tenth \(NumberText.decimals(metrics.liftTop10, 1)) times as many left as among all, in the top fifth \(NumberText.decimals(metrics.liftTop20, 1)) times."
        ),
        across: .share("share of customers, most likely first"),
        up: .init("times the base rate", including: [0, 1]),
        [.init("model", x: curves.lift.x, y: curves.lift.y)],
        reference: .init("by chance", x: [0, 1], y: [1, 1]))
    }
  }

  /// The height of a rising line at `share`.
  private func gain(_ line: CurvesFindings.Line, at share: Double) -> Double {
    for (place, x) in line.x.enumerated() where place < line.y.count && x >= share {
      guard place > 0, x > line.x[place - 1] else { return line.y[place] }
      let part = (share - line.x[place - 1]) / (x - line.x[place - 1])
      return line.y[place - 1] + part * (line.y[place] - line.y[place - 1])
    }
    return .nan
  }

  private func confusion(_ metrics: MetricsFindings) -> HTML {
    let cut = metrics.confusion
    let named = cut.truePositives + cut.falsePositives
    let left = cut.truePositives + cut.falseNegatives
    func share(_ part: Int, _ whole: Int) -> String {
      whole > 0 ? NumberText.percent(Double(part) / Double(whole)) : NumberText.nothing
    }
    return HTML([
      HTML.element("h3") { "If one cut-off had to decide" },
      paragraph("Cut-off \(NumberText.percent(cut.threshold)): \(cut.rule)"),
      DataTable(
        "Said and happened at the cut-off",
        [.words("Model said"), .numbers("Left"), .numbers("Stayed"), .words("Of these")],
        [
          [
            "Said to leave", NumberText.count(cut.truePositives), NumberText.count(cut.falsePositives),
            "\(share(cut.truePositives, named)) did leave",
          ],
          [
            "Said to stay", NumberText.count(cut.falseNegatives), NumberText.count(cut.trueNegatives),
            "\(share(cut.truePositives, left)) of all leavers are found above",
          ],
        ]
      ).html(isCaptionHidden: true),
    ])
  }

  private func variants(_ metrics: MetricsFindings) -> HTML {
    HTML([
      HTML.element("h3") { "Other ways to do it" },
      DataTable(
        "Other ways to do it",
        [.words("Way"), .words("On"), .numbers("Customers"), .numbers("Log-loss"), .numbers("AUC")],
        metrics.variants.map {
          [
            $0.name, $0.sample ?? "all", NumberText.count($0.rows), NumberText.decimals($0.logLoss, 4),
            NumberText.decimals($0.rocAuc, 4),
          ]
        }
      ).html(isCaptionHidden: true),
    ])
  }

  private var training: HTML {
    let found = inputs.training
    let resampling =
      inputs.resampling.map {
        [
          $0.method == "none"
            ? "Training parts were not resampled." : "Training parts were resampled: \($0.method)."
        ] + $0.notes
      } ?? []
    return HTML([
      HTML.element("h3") { "How it was trained" },
      paragraph(
        "On \(NumberText.count(found.labelled)) customers with a label, \(NumberText.count(found.events)) of whom left, in \(found.folds) folds: each is scored by a model that has not seen them. \(found.calibration == "blend" ? "Several learners’ log-odds are blended, and the blend’s fit calibrates." : "Probabilities calibrated by \(found.calibration).")"
      ),
      sentences(resampling),
      DataTable(
        "Learners",
        [
          .words("Learner"), .words("Scores"), .numbers("Weight"), .numbers("Log-loss"),
          .numbers("Before calibration"),
          .numbers("AUC"), .words("To know"),
        ],
        found.learners.map {
          [
            $0.name, $0.chosen ? "yes" : "no",
            $0.weight.map { NumberText.decimals($0, 2) } ?? NumberText.nothing,
            NumberText.decimals($0.logLoss, 4),
            NumberText.decimals($0.rawLogLoss, 4),
            NumberText.decimals($0.rocAuc, 4), $0.notes.joined(separator: " "),
          ]
        }
      ).html(),
      found.capacities.isEmpty
        ? HTML()
        : folded(
          "Capacities tried",
          DataTable(
            "Capacities tried",
            [
              .words("Learner"), .numbers("Fold"), .words("Capacity"), .numbers("Trees"),
              .numbers("Log-loss on the kept tenth"), .words("Taken"),
            ],
            found.capacities.prefix(200).map {
              [
                $0.learner, NumberText.count($0.fold), $0.capacity,
                $0.trees.map { NumberText.count($0) } ?? NumberText.nothing,
                NumberText.decimals($0.tenthLogLoss, 4), $0.chosen ? "taken" : "",
              ]
            }
          ).html(isCaptionHidden: true)),
      sentences(found.notes),
    ])
  }
}
