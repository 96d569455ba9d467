import Findings
import Markup

/// Figures for those who compare models: what each says, in a sentence.
struct MoreFigures {
  let metrics: MetricsFindings

  var html: HTML {
    let rows = profit + calibration
    guard !rows.isEmpty else { return HTML() }
    return folded(
      "More figures, to compare models by",
      DataTable(
        "More figures", [.words("Figure"), .numbers("Value"), .words("What it says")], rows
      ).html(isCaptionHidden: true))
  }

  private var profit: [[String]] {
    guard let profit = metrics.profit else { return [] }
    let saved = profit.saveRateAlpha / (profit.saveRateAlpha + profit.saveRateBeta)
    let terms =
      "with \(NumberText.money(profit.value)) for a customer kept, \(NumberText.money(profit.offer)) for an offer taken and \(NumberText.money(profit.contact)) for a contact"
    return [
      [
        "Campaign profit, expected (EMPC)", NumberText.decimals(profit.expectedMaximum, 3),
        "Money per customer of the whole base that the best campaign by this list brings on average, \(terms), and a save rate about \(NumberText.percent(saved, 0)) (beta \(NumberText.short(profit.saveRateAlpha)), \(NumberText.short(profit.saveRateBeta))); it would contact \(NumberText.percent(profit.expectedShare)) of customers. More is better. Only the order of the list counts, not whether its percentages hold.",
      ],
      [
        "Campaign profit (MPC)", NumberText.decimals(profit.maximum, 3),
        "The same if the save rate is \(NumberText.percent(saved, 0)) for certain; contacting \(NumberText.percent(profit.share)) of customers.",
      ],
    ]
  }

  private var calibration: [[String]] {
    let found = metrics.calibration
    var rows: [[String]] = []
    if let error = found.smoothError {
      rows.append([
        "Smooth calibration error", NumberText.decimals(error, 4),
        "A probability is off by about \(NumberText.decimals(100 * error, 1)) percentage points on average; 0 is right. Needs no bins.",
      ])
    }
    func parts(_ name: String, _ parts: (miscalibration: Double, discrimination: Double, uncertainty: Double))
      -> [[String]]
    {
      [
        [
          "\(name): miscalibration", NumberText.decimals(parts.miscalibration, 4),
          "What setting the percentages right without changing the order would save; 0 is right.",
        ],
        [
          "\(name): discrimination", NumberText.decimals(parts.discrimination, 4),
          "What telling customers apart saves over saying the base rate to everyone; more is better.",
        ],
        [
          "\(name): uncertainty", NumberText.decimals(parts.uncertainty, 4),
          "The score of saying the base rate to everyone. Score = miscalibration − discrimination + uncertainty (CORP).",
        ],
      ]
    }
    rows += parts("Brier score", (found.miscalibration, found.discrimination, found.uncertainty))
    if let loss = found.logLossParts {
      rows += parts("Log-loss", (loss.miscalibration, loss.discrimination, loss.uncertainty))
    }
    return rows
  }
}
