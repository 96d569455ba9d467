import Findings
import Markup
import Tabular

/// The segments: what they are, how many leave, what sets them apart.
struct SegmentsSection {
  let inputs: ReportInputs
  let customers: RankedCustomers

  private var found: PortraitsFindings { inputs.portraits }

  var html: HTML {
    section("segments", "Segments") {
      paragraph(
        "Customers grouped by likeness, without looking at who left and without protected attributes. "
          + (found.fitted
            ? "" : "The groups are those of the model in use; today’s customers are put into them. "),
        "say")
      if found.portraits.isEmpty {
        paragraph("There are no segments.")
      } else {
        HTML.element("div", ["class": "cards"]) { found.portraits.map(card) }
        HTML.element("div", ["class": "grid"]) {
          if found.portraits.contains(where: { $0.churn != nil }) { churn }
          calls
        }
        if !found.scales.isEmpty { heat }
      }
      how
    }
  }

  private func card(_ portrait: PortraitsFindings.Portrait) -> HTML {
    HTML.element("div", ["class": "card"]) {
      HTML.element("h3", ["class": "first"]) { portrait.name }
      HTML.element("p") {
        HTML.element("span", ["class": "big"]) { NumberText.count(portrait.rows) }
        " customers, \(NumberText.percent(portrait.share))"
      }
      paragraph(portrait.sentence, "soft")
    }
  }

  private var churn: HTML {
    let known = found.portraits.filter { $0.churn != nil }.sorted { ($0.churn ?? 0) > ($1.churn ?? 0) }
    let labelled = known.reduce(0) { $0 + ($1.labelled ?? 0) }
    let events = known.reduce(0) { $0 + ($1.events ?? 0) }
    let all = labelled > 0 ? Double(events) / Double(labelled) : .nan
    let finding =
      known.first.map {
        "\($0.name) loses most: \(NumberText.percent($0.churn ?? .nan)), against \(NumberText.percent(all)) of all."
      } ?? ""
    return IntervalChart.html(
      ChartWords(id: "segment-churn", title: "Who left, by segment", finding: finding), rows: "Segment",
      known.map {
        .init($0.name, value: $0.churn ?? .nan, lower: $0.churnLower ?? .nan, upper: $0.churnUpper ?? .nan)
      }, across: .init("share that left, with 95 % interval", .share, including: [0]), reference: ("all", all)
    )
  }

  private var calls: HTML {
    var called = [Double](repeating: 0, count: found.portraits.count)
    if let segments = customers.segments {
      let places = found.portraits.map { portrait in segments.dictionary.firstIndex(of: portrait.name) }
      for place in customers.toCall {
        let code = Int(segments.codes[place])
        if let portrait = places.firstIndex(of: code) { called[portrait] += 1 }
      }
    }
    let total = called.reduce(0, +)
    let most = called.indices.max { called[$0] < called[$1] }
    let finding =
      total == 0
      ? "Nobody is to be called."
      : "\(NumberText.decimals(called[most ?? 0], 0)) of \(NumberText.decimals(total, 0)) calls go to \(found.portraits[most ?? 0].name)."
    return BarChart.html(
      ChartWords(id: "segment-calls", title: "Calls by segment", finding: finding), rows: "Segment",
      found.portraits.enumerated().map { .init($1.name, [called[$0]]) }, [.init("Customers to call")])
  }

  private var heat: HTML {
    let columns = Array(found.scales.prefix(16))
    return HeatTable.html(
      ChartWords(
        id: "segment-heat", title: "What sets the segments apart",
        finding:
          "Distance of each segment’s centre from the average customer, in standard deviations"
          + (columns.count < found.scales.count ? "; the first 16 of \(found.scales.count) columns." : ".")),
      rows: "Segment", found.portraits.map(\.name), columns: columns.map(\.column),
      values: found.portraits.map { portrait in
        columns.indices.map { $0 < portrait.centre.count ? portrait.centre[$0] : .nan }
      }, full: 1.5)
  }

  private var how: HTML {
    folded(
      "How the number of segments was chosen",
      HTML([
        paragraph(found.rule),
        found.choices.isEmpty
          ? HTML()
          : DataTable(
            "Numbers of segments tried",
            [
              .numbers("Segments"), .numbers("Silhouette"), .numbers("Calinski-Harabasz"),
              .numbers("Davies-Bouldin"),
              .numbers("Stability"), .numbers("Smallest"), .words("Taken"),
            ],
            found.choices.map {
              [
                NumberText.count($0.k), NumberText.decimals($0.silhouette, 3),
                NumberText.decimals($0.calinskiHarabasz, 0),
                NumberText.decimals($0.daviesBouldin, 3), NumberText.decimals($0.stability, 3),
                NumberText.percent($0.smallestShare), $0.chosen ? "taken" : "",
              ]
            }
          ).html(isCaptionHidden: true), sentences(found.notes),
      ]))
  }
}
