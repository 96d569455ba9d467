import Clientele
package import Markup

/// A comparison as one page that needs nothing beside it.
package struct ComparisonPage {
  /// The page of a comparison.
  package static func html(_ found: Comparison, movers: Int = 100) -> HTML {
    let title = "\(found.old.label) → \(found.new.label)"
    return HTML.document(
      language: "en",
      head: HTML([
        HTML.void("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
        HTML.element("title") { title }, HTML.style(Stylesheet.text),
      ]),
      body: HTML([
        HTML.element("header", ["class": "top"]) {
          HTML.element("div", ["class": "wrap"]) {
            HTML.element("h1") { "What differs: \(title)" }
            HTML.element("p", ["class": "lead"]) { found.isSame ? "Nothing differs." : found.summary }
            HTML.element("p", ["class": "rests"]) { "\(found.old.words) → \(found.new.words)" }
          }
        },
        HTML.element("main", ["id": "content", "class": "wrap"]) {
          lines("Signed and decided", found.standing)
          changes("Code", "Stage", found.code)
          changes("Parameters", "Parameter", found.parameters)
          changes("Inputs", "Input", found.inputs)
          checks(found.checks)
          numbers("Metrics", "Metric", found.metrics)
          model(found)
          numbers("Importance: log-loss lost when a column is shuffled", "Column", found.importance)
          found.ranking.map { ranking($0, movers) } ?? HTML()
          found.segments.map(segments) ?? HTML()
          found.tables.map(table)
          found.documents.map(document)
          changes("Artifacts that differ", "Artifact", found.artifacts)
          lines("Notes", found.notes)
        },
      ]))
  }

  private static func section(_ title: String, _ body: [HTML]) -> HTML {
    HTML.element("section") {
      HTML.element("h2") { title }
      body
    }
  }

  private static func lines(_ title: String, _ lines: [String]) -> HTML {
    lines.isEmpty ? HTML() : section(title, lines.map { line in HTML.element("p") { line } })
  }

  private static func checks(_ changes: [CheckChange]) -> HTML {
    guard !changes.isEmpty else { return HTML() }
    let table = DataTable(
      "Checks", [.words("Check"), .words("Old → new"), .words("What it says")],
      changes.map { Comparison.words($0) })
    return section("Checks", [table.html(isCaptionHidden: true)])
  }

  private static func model(_ found: Comparison) -> HTML {
    guard !found.model.isEmpty || found.calibration != nil || found.behaviour != nil else { return HTML() }
    var body: [HTML] = []
    if let behaviour = found.behaviour { body.append(HTML.element("p") { sentence(behaviour.words) }) }
    if !found.model.isEmpty {
      body.append(
        DataTable(
          "Model", [.words("Part"), .words("Old"), .words("New")],
          found.model.map { [$0.name, $0.old ?? "none", $0.new ?? "none"] }
        ).html(isCaptionHidden: true))
    }
    if let calibration = found.calibration {
      body.append(HTML.element("p") { sentence(calibration.words) })
      body.append(
        HTML.element("div", ["class": "grid"]) {
          curve("curve-old", "\(found.old.label): what was said and what happened", calibration.old)
          curve("curve-new", "\(found.new.label): what was said and what happened", calibration.new)
        })
    }
    return section("Model", body)
  }

  private static func sentence(_ words: String) -> String {
    words.prefix(1).uppercased() + words.dropFirst() + "."
  }

  private static func curve(_ id: String, _ title: String, _ groups: [CalibrationComparison.Group]) -> HTML {
    let off = groups.reduce(0) { $0 + ($1.predicted < $1.lower || $1.predicted > $1.upper ? 1 : 0) }
    return ReliabilityChart.html(
      ChartWords(
        id: id, title: title,
        finding: "In \(groups.count - off) of \(groups.count) groups what happened agrees with what was said."
      ),
      groups.map {
        .init(predicted: $0.predicted, observed: $0.observed, lower: $0.lower, upper: $0.upper, rows: $0.rows)
      }, said: "probability said", happened: "share that left")
  }

  private static func changes(_ title: String, _ first: String, _ changes: [ValueChange]) -> HTML {
    guard !changes.isEmpty else { return HTML() }
    // Where something is declared is known of parameters only.
    let isPlaced = changes.contains { $0.place != nil }
    let table = DataTable(
      title, [.words(first), .words("Old"), .words("New")] + (isPlaced ? [.words("Declared at")] : []),
      changes.map { [$0.name, $0.old ?? "none", $0.new ?? "none"] + (isPlaced ? [$0.place ?? ""] : []) })
    return section(title, [table.html(isCaptionHidden: true)])
  }

  private static func numbers(_ title: String, _ first: String, _ changes: [MetricChange]) -> HTML {
    guard !changes.isEmpty else { return HTML() }
    let table = DataTable(
      title, [.words(first), .words("Old → new"), .numbers("Change"), .words("95 % interval of the change")],
      changes.map { Comparison.words($0) })
    return section(title, [table.html(isCaptionHidden: true)])
  }

  private static func table(_ table: TableComparison) -> HTML {
    let title = "Table \(table.name)"
    let facts = Comparison.words(table).prefix(
      1 + [table.columnsAdded, table.columnsRemoved, table.columnsAltered].filter { !$0.isEmpty }.count)
    var body = facts.map { fact in HTML.element("p") { fact } }
    if !table.columns.isEmpty {
      body.append(
        DataTable(
          title, [.words("Column"), .words("Rows"), .words("How"), .words("Distribution")],
          table.columns.map { Comparison.words($0) }
        ).html(isCaptionHidden: true))
    }
    return section(title, body)
  }

  private static func segments(_ segments: SegmentComparison) -> HTML {
    let rows = segments.oldNames.enumerated().map { place, name in
      [name]
        + segments.migration[place].enumerated().map {
          Wording.count($0.element) + (segments.partners[place] == $0.offset ? " =" : "")
        }
    }
    let table = DataTable(
      "Customers by old segment (rows) and new segment (columns)",
      [.words("From")] + segments.newNames.map { .numbers($0) }, rows)
    return section(
      "Segments",
      [
        HTML.element("p") {
          "\(Wording.count(segments.moved)) of \(Wording.count(segments.shared)) customers moved; = marks the segment an old one became."
        }, table.html(),
      ])
  }

  private static func ranking(_ ranking: RankingComparison, _ most: Int) -> HTML {
    func list(_ title: String, _ moves: [RankMove]) -> HTML {
      guard !moves.isEmpty else { return HTML() }
      return DataTable(
        title,
        [.words("Customer"), .words("Rank"), .words("Probability"), .words("ΔEV"), .words("Cause")],
        // The headers say what stands in front of the numbers elsewhere.
        moves.prefix(most).map { move in
          Comparison.words(move).map { cell in
            for word in ["p ", "ΔEV "] where cell.hasPrefix(word) {
              return String(cell.dropFirst(word.count))
            }
            return cell
          }
        }
      ).html()
    }
    return section(
      "Ranking",
      [
        HTML.element("p") {
          "\(Wording.count(ranking.shared)) customers in both; rank correlation \(Wording.decimals(ranking.spearman, 4)) (Spearman), \(Wording.decimals(ranking.kendall, 4)) (Kendall)."
        },
        HTML.element("p") {
          "To act on: \(Wording.count(ranking.oldActs)) before, \(Wording.count(ranking.newActs)) now; \(Wording.count(ranking.entered.count)) entered, \(Wording.count(ranking.left.count)) left."
        },
        ranking.overlaps.isEmpty
          ? HTML()
          : DataTable(
            "The same customers in both", [.numbers("Of the first"), .numbers("In both")],
            ranking.overlaps.map { [Wording.count($0.k), Wording.count($0.shared)] }
          ).html(),
        list("Entered the list to act on", ranking.entered.shown),
        list("Left the list to act on", ranking.left.shown), list("Moved furthest", ranking.movers),
        HTML.element("p") { ranking.causesRestOn ?? "" },
      ])
  }

  private static func document(_ document: DocumentComparison) -> HTML {
    let title = "Document \(document.name)"
    let table = DataTable(
      title, [.words("Place"), .words("Old"), .words("New")],
      document.changes.map { [$0.place, $0.old ?? "none", $0.new ?? "none"] })
    let more = document.count - document.changes.count
    return section(
      title,
      [
        table.html(isCaptionHidden: true),
        more > 0 ? HTML.element("p") { "\(Wording.count(more)) more places differ." } : HTML(),
      ])
  }
}
