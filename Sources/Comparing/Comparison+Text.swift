import Clientele

extension Comparison {
  /// The comparison for people, a line each.
  package func lines(movers: Int = 100) -> [String] {
    var lines = ["\(old.words) → \(new.words)"]
    guard !isSame else { return lines + ["nothing differs"] + notes }
    lines.append(summary)
    func section(_ title: String, _ body: [String]) {
      guard !body.isEmpty else { return }
      lines.append("")
      lines.append(title)
      lines += body.map { "  " + $0 }
    }
    func change(_ change: ValueChange) -> [String] {
      [change.name, "\(change.old ?? "none") → \(change.new ?? "none")", change.place ?? ""]
    }
    section("signed and decided", standing)
    section("code", Comparison.columns(code.map(change)))
    section("parameters", Comparison.columns(parameters.map(change)))
    section("inputs", Comparison.columns(inputs.map(change)))
    section("artifacts that differ", Comparison.columns(artifacts.map(change)))
    section("metrics", Comparison.columns(metrics.map(Comparison.words)))
    section("checks", Comparison.columns(checks.map(Comparison.words)))
    section(
      "model",
      Comparison.columns(model.map(change))
        + [behaviour.map(\.words), calibration.map(\.words)].compactMap { $0 })
    section(
      "importance: log-loss lost when a column is shuffled",
      Comparison.columns(importance.map(Comparison.words)))
    for table in tables { section("table \(table.name)", Comparison.words(table)) }
    if let segments { section("segments", Comparison.words(segments)) }
    if let ranking { section("ranking", Comparison.words(ranking, movers)) }
    for document in documents {
      let more = document.count - document.changes.count
      section(
        "document \(document.name)",
        Comparison.columns(
          document.changes.prefix(30).map { [$0.place, "\($0.old ?? "none") → \($0.new ?? "none")"] })
          + (document.count > 30
            ? ["… \(Wording.count(more + max(0, document.changes.count - 30))) more places (--json has them)"]
            : []))
    }
    section("notes", notes)
    return lines
  }

  /// What differs, in a sentence or two.
  var summary: String {
    var parts: [String] = []
    func add(_ count: Int, _ one: String, _ many: String) {
      if count > 0 { parts.append(Wording.count(count, one, many)) }
    }
    add(code.count, "stage's code", "stages' code")
    add(parameters.count, "parameter", "parameters")
    add(inputs.count, "input", "inputs")
    add(artifacts.count, "artifact", "artifacts")
    add(checks.count, "check", "checks")
    var text = parts.isEmpty ? "" : "Different: \(parts.joined(separator: ", "))."
    if let ranking {
      text +=
        " To act on: \(Wording.count(ranking.oldActs)) → \(Wording.count(ranking.newActs)) customers; "
        + "\(Wording.count(ranking.entered.count)) entered the list, \(Wording.count(ranking.left.count)) left it."
    }
    return text
  }

  /// Which runs are signed and what was decided of them, where there is anything to say.
  var standing: [String] {
    let sides = old.run == new.run ? [old] : [old, new]
    guard sides.contains(where: { !$0.signatures.isEmpty || !$0.signOffs.isEmpty }) else { return [] }
    return sides.map { side in
      let signed =
        side.signatures.isEmpty
        ? "not signed" : "signed by key \(side.signatures.joined(separator: ", "))"
      return (["\(side.run)  \(signed)"] + side.signOffs).joined(separator: ", ")
    }
  }

  static func words(_ check: CheckChange) -> [String] {
    [
      check.name, "\(check.old?.rawValue ?? "none") → \(check.new?.rawValue ?? "none")", check.message,
    ]
  }

  /// Cells in columns; the last is not padded.
  private static func columns(_ rows: [[String]]) -> [String] {
    guard let width = rows.map(\.count).max() else { return [] }
    let widths = (0..<width).map { place in rows.map { $0.count > place ? $0[place].count : 0 }.max() ?? 0 }
    return rows.map { row in
      var line = ""
      for (place, cell) in row.enumerated() {
        line += cell
        if place + 1 < row.count {
          line += String(repeating: " ", count: max(0, widths[place] - cell.count) + 2)
        }
      }
      while line.hasSuffix(" ") { line.removeLast() }
      return line
    }
  }

  static func words(_ metric: MetricChange) -> [String] {
    let change = metric.new - metric.old
    var noise = ""
    if let lower = metric.lower, let upper = metric.upper {
      let range = "\(NumberWords.signed(lower, 4) ) to \(NumberWords.signed(upper, 4))"
      noise = metric.isWithinNoise == true ? "within noise (\(range))" : "95 %: \(range)"
    }
    let moved = change.isFinite ? (change > 0 ? "+" : "") + NumberWords.plain(change) : ""
    return [metric.name, "\(NumberWords.plain(metric.old)) → \(NumberWords.plain(metric.new))", moved, noise]
  }

  static func words(_ table: TableComparison) -> [String] {
    var lines: [String] = []
    if table.key != nil {
      lines.append(
        "\(Wording.count(table.oldRows)) → \(Wording.count(table.newRows)) rows: \(Wording.count(table.added)) added, \(Wording.count(table.removed)) removed, \(Wording.count(table.changed)) changed"
          + (table.repeated > 0 ? ", \(Wording.count(table.repeated)) with a key seen before" : "")
          + (table.isReordered ? "; in another order" : table.verdict == "sameRows" ? "; the same rows" : ""))
    } else {
      lines.append(
        "\(Wording.count(table.oldRows)) → \(Wording.count(table.newRows)) rows, which have no key: only distributions are compared"
      )
    }
    for (word, names) in [
      ("columns added", table.columnsAdded), ("columns removed", table.columnsRemoved),
      ("columns altered", table.columnsAltered),
    ] where !names.isEmpty {
      lines.append("\(word): \(names.joined(separator: ", "))")
    }
    return lines + columns(table.columns.map(words))
  }

  static func words(_ column: ColumnChange) -> [String] {
    var parts: [String] = []
    if column.becameMissing > 0 { parts.append("\(Wording.count(column.becameMissing)) became missing") }
    if column.becameKnown > 0 { parts.append("\(Wording.count(column.becameKnown)) became known") }
    if let mean = column.meanDifference, let most = column.largestDifference {
      parts.append("by \(NumberWords.plain(mean)) on average, \(NumberWords.plain(most)) at most")
    }
    var spread: [String] = []
    if let shift = column.shift {
      let chance = shift.stabilityIndex <= shift.stabilityIndexByChance ? " (as chance has it)" : ""
      spread.append("PSI \(Wording.decimals(shift.stabilityIndex, 4))\(chance)")
      if let distance = shift.kolmogorovSmirnov { spread.append("KS \(Wording.decimals(distance, 4))") }
      if let first = shift.levels.first {
        spread.append("\(first.name) \(Wording.percent(first.old)) → \(Wording.percent(first.new))")
      }
    }
    return [
      column.name, "\(Wording.count(column.changed)) changed", parts.joined(separator: ", "),
      spread.joined(separator: ", "),
    ]
  }

  private static func words(_ segments: SegmentComparison) -> [String] {
    var lines = [
      "\(Wording.count(segments.moved)) of \(Wording.count(segments.shared)) customers moved to another segment"
    ]
    var rows: [[String]] = [["from \\ to"] + segments.newNames]
    for (place, name) in segments.oldNames.enumerated() {
      let partner = segments.partners[place]
      rows.append(
        [name]
          + segments.migration[place].enumerated().map {
            Wording.count($0.element) + (partner == $0.offset ? " =" : "")
          })
    }
    lines += columns(rows)
    lines.append("= marks the segment an old one became")
    return lines
  }

  private static func words(_ ranking: RankingComparison, _ movers: Int) -> [String] {
    var lines = [
      "\(Wording.count(ranking.shared)) customers in both; rank correlation \(Wording.decimals(ranking.spearman, 4)) (Spearman), \(Wording.decimals(ranking.kendall, 4)) (Kendall)"
    ]
    if !ranking.overlaps.isEmpty {
      lines.append(
        "the same customers: "
          + ranking.overlaps.map { "\(Wording.count($0.shared)) of the first \(Wording.count($0.k))" }.joined(
            separator: ", "))
    }
    lines.append(
      "to act on: \(Wording.count(ranking.oldActs)) → \(Wording.count(ranking.newActs)); \(Wording.count(ranking.entered.count)) entered (worth \(Wording.decimals(ranking.entered.value, 0))), \(Wording.count(ranking.left.count)) left (were worth \(Wording.decimals(ranking.left.value, 0)))"
    )
    func list(_ title: String, _ moves: [RankMove]) {
      guard !moves.isEmpty else { return }
      lines.append("\(title):")
      lines += columns(moves.prefix(movers).map(words)).map { "  " + $0 }
    }
    list("entered", Array(ranking.entered.shown.prefix(10)))
    list("left", Array(ranking.left.shown.prefix(10)))
    list("moved furthest", ranking.movers)
    if let sentence = ranking.causesRestOn { lines.append(sentence) }
    return lines
  }

  static func words(_ move: RankMove) -> [String] {
    func rank(_ rank: Int?) -> String { rank.map { Wording.count($0) } ?? "–" }
    func pair(_ a: Double, _ b: Double, _ places: Int) -> String {
      "\(Wording.decimals(a, places)) → \(Wording.decimals(b, places))"
    }
    return [
      move.key, "\(rank(move.oldRank)) → \(rank(move.newRank))",
      "p " + pair(move.oldProbability, move.newProbability, 3),
      "ΔEV " + pair(move.oldValue, move.newValue, 2),
      move.cause.map(words) ?? "",
    ]
  }

  static func words(_ cause: MoveCause) -> String {
    switch cause.word {
    case "newCustomer": return "a new customer"
    case "goneCustomer": return "no longer a customer"
    case "none": return "others moved"
    default:
      guard let places = cause.places else { return cause.word }
      let parts = [("data", places.data), ("model", places.model), ("assumption", places.assumption)]
        .filter { abs($0.1) >= 0.5 }.map { "\($0.0) \(NumberWords.signed($0.1, 0))" }
      return parts.count <= 1 ? cause.word : "\(cause.word) (\(parts.joined(separator: ", ")))"
    }
  }
}

extension ComparedSide {
  /// What it is and from when: `r3 (2026-11-21 04:00 UTC)`.
  var words: String {
    let minute = String(at.prefix(16).map { $0 == "T" ? " " : $0 })
    return "\(label) (\(label == run ? "" : "made in \(run), ")\(minute)\(minute.count == 16 ? " UTC" : ""))"
  }
}

extension ModelBehaviour {
  /// For people, in a sentence.
  package var words: String {
    "both models on the same \(Wording.count(rows)) customers: probabilities differ by "
      + "\(Wording.percent(meanDifference)) on average and \(Wording.percent(largestDifference)) at most, the new "
      + "ones are \(Wording.decimals(100 * abs(meanChange), 2)) points \(meanChange < 0 ? "lower" : "higher"); for "
      + "\(Wording.count(decisionsChanged)) acting pays by one model only"
      + (worstSegment.map {
        "; most in \($0.name): \(Wording.percent($0.meanDifference)) on average over \(Wording.count($0.rows))"
      } ?? "")
  }
}

extension CalibrationComparison {
  /// For people, in a sentence.
  package var words: String {
    func share(_ groups: [Group]) -> String {
      "\(Wording.decimals(100 * CalibrationComparison.error(groups), 2)) %"
    }
    let changed = changedGroups.map { "; \($0) of \(new.count) groups moved beyond noise" } ?? ""
    return
      "calibration curve: what happened lies \(share(old)) → \(share(new)) from what was said, on average\(changed)"
  }
}

extension TableComparison {
  /// What differs, for people, a line each: rows, schema, then a line a column.
  package var lines: [String] { Comparison.words(self) }
}
