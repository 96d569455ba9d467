import Findings
import Markup

/// Missing balances and other values: three states, who lacks them, who of them left, and the rule proposed.
struct MissingSection {
  let inputs: ReportInputs

  private static let drawn = 12
  private static let explained = 6

  private var found: [QualityFindings.MissingFinding] { inputs.quality.missing }

  var html: HTML {
    section("missing", "Missing balances") {
      if found.isEmpty {
        paragraph("No value is missing in any column the model may use.", "say")
      } else {
        paragraph(
          "A value is there, or it is a zero by a declared rule, or it is unknown. Nothing is guessed: without a rule a missing balance stays unknown, and a 0 is a 0.",
          "say")
        states
        told.enumerated().map { place, finding in column(place, finding) }
        others
      }
    }
  }

  /// Columns told in full: money first, then those for which a rule is proposed.
  private var told: [QualityFindings.MissingFinding] {
    Array(
      found.filter { $0.isMoney || $0.proposedRule != nil || $0.structuralZero > 0 }.prefix(
        MissingSection.explained))
  }

  private var states: HTML {
    let list = found.prefix(MissingSection.drawn)
    let unknown = found.reduce(0) { $0 + $1.unknown }
    let zero = found.reduce(0) { $0 + $1.structuralZero }
    let finding =
      "\(counted(found.count, "column lacks", "columns lack")) values: \(NumberText.count(unknown)) unknown, "
      + "\(NumberText.count(zero)) zero by rule."
      + (found.count > list.count ? " The first \(list.count) are drawn." : "")
    return HTML.element("div", ["class": "grid"]) {
      BarChart.html(
        ChartWords(id: "states", title: "Known, zero by rule, unknown", finding: finding), rows: "Column",
        list.map { item in
          let rows = max(1, item.value + item.structuralZero + item.unknown)
          return .init(
            item.column, [Double(item.value), Double(item.structuralZero), Double(item.unknown)],
            note: NumberText.percent(Double(item.unknown) / Double(rows)) + " unknown")
        }, [.init("value", .second), .init("zero by rule", .plain), .init("unknown", .strong)])
    }
  }

  private func column(_ place: Int, _ finding: QualityFindings.MissingFinding) -> HTML {
    HTML.element("div", ["class": "missing"]) {
      HTML.element("h3") { finding.column }
      paragraph(finding.sentence)
      if let predictability = finding.predictability {
        paragraph(
          "How well the other columns tell who lacks it: AUC \(NumberText.decimals(predictability, 3)) (0.5 is not at all, 1 is exactly).",
          "soft")
      }
      rule(finding)
      HTML.element("div", ["class": "grid"]) {
        churn(place, finding)
        if let group = finding.byGroup.first { groups(place, finding, group) }
      }
      if finding.byGroup.count > 1 { dependence(finding) }
    }
  }

  @HTMLBuilder private func rule(_ finding: QualityFindings.MissingFinding) -> HTML {
    if let words = finding.proposedRuleInWords {
      HTML.element("div", ["class": "note warn"]) {
        HTML.element("h4") { "A rule to consider" }
        paragraph(words)
        if let rule = finding.proposedRule {
          paragraph(
            "Ready to paste into the contract of “\(finding.column)”; switched off until you turn it on:")
          HTML.element("pre", ["tabindex": "0"]) { HTML.element("code") { rule } }
        }
      }
    }
  }

  @HTMLBuilder private func churn(_ place: Int, _ finding: QualityFindings.MissingFinding) -> HTML {
    if let missing = finding.churnWhereMissing, let present = finding.churnWherePresent, missing.rows > 0,
      present.rows > 0
    {
      let (first, second) = (share(missing), share(present))
      IntervalChart.html(
        ChartWords(
          id: "missing-churn-\(place)", title: "Who left: \(finding.column) missing against present",
          finding:
            "\(NumberText.percent(first)) of those without it left, \(NumberText.percent(second)) of those with it."
        ),
        rows: "Customers",
        [
          .init(
            "\(finding.column) missing", value: first, lower: missing.lower, upper: missing.upper,
            isMarked: true),
          .init("\(finding.column) present", value: second, lower: present.lower, upper: present.upper),
        ], across: .init("share that left, with 95 % interval", .share, including: [0]))
    }
  }

  private func share(_ rate: QualityFindings.EventRate) -> Double {
    Double(rate.events) / Double(max(1, rate.rows))
  }

  private func groups(
    _ place: Int, _ finding: QualityFindings.MissingFinding, _ group: QualityFindings.GroupFinding
  ) -> HTML {
    let first = group.groups.first
    let rate = first.map { Double($0.missing) / Double(max(1, $0.rows)) } ?? .nan
    return BarChart.html(
      ChartWords(
        id: "missing-group-\(place)", title: "Missing \(finding.column) by \(group.column)",
        finding:
          "Most where \(group.column) is \(first?.value ?? NumberText.nothing): \(NumberText.percent(rate)). Cramér’s V \(NumberText.decimals(group.cramersV, 2)), p \(pValue(group.adjustedP ?? group.pValue))\(group.adjustedP == nil ? "" : " (corrected)")."
      ), rows: group.column,
      group.groups.map { .init($0.value, [Double($0.missing) / Double(max(1, $0.rows))]) },
      [.init("share missing", .strong)], unit: .share)
  }

  private func dependence(_ finding: QualityFindings.MissingFinding) -> HTML {
    folded(
      "How missing \(finding.column) depends on other columns",
      DataTable(
        "Missing \(finding.column) against other columns",
        [
          .words("Column"), .numbers("Cramér’s V"), .numbers("χ²"), .numbers("Degrees of freedom"),
          .numbers("p"), .numbers("p, corrected for all such tests"),
        ],
        finding.byGroup.map {
          [
            $0.column, NumberText.decimals($0.cramersV, 3), NumberText.significant($0.chiSquared, 4),
            NumberText.count($0.degreesOfFreedom), pValue($0.pValue),
            $0.adjustedP.map(pValue) ?? NumberText.nothing,
          ]
        }
      ).html(isCaptionHidden: true))
  }

  private func pValue(_ p: Double) -> String { p < 0.001 ? "< 0.001" : NumberText.decimals(p, 3) }

  @HTMLBuilder private var others: HTML {
    let names = Set(told.map(\.column))
    let rest = found.filter { !names.contains($0.column) }
    if !rest.isEmpty {
      folded(
        "\(counted(rest.count, "other column", "other columns")) with missing values",
        DataTable(
          "Other columns with missing values",
          [
            .words("Column"), .numbers("Value"), .numbers("Zero by rule"), .numbers("Unknown"),
            .words("In words"),
          ],
          rest.prefix(200).map {
            [
              $0.column, NumberText.count($0.value), NumberText.count($0.structuralZero),
              NumberText.count($0.unknown),
              $0.sentence,
            ]
          }
        ).html(isCaptionHidden: true))
    }
  }
}
