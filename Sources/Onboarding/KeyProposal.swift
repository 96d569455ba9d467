import Clientele
import Delimited
import Tabular

/// Which columns identify a customer.
struct KeyProposal: Sendable {
  /// Their places in the file.
  var columns: [Int] = []
  /// What the user should know, in sentences.
  var notes: [String] = []

  /// Finds the key. `ignored` and `target` are places of columns already spoken for; `rowNumbers` those
  /// that only count rows.
  init(
    _ survey: Survey, _ request: OnboardingRequest, target: Int?, ignored: Set<Int>, rowNumbers: Set<Int>
  ) throws(OnboardingError) {
    let all = survey.profile.columns
    let used = all.indices.filter { !ignored.contains($0) || $0 == target }
    func repeats(_ places: [Int]) -> (groups: [[Int32]], repeated: Int) {
      KeyProposal.repeats(survey.table, places, used: used)
    }
    func note(_ places: [Int], _ repeated: Int) {
      let names = places.map { "\"\(all[$0].name)\"" }.joined(separator: " + ")
      if repeated > 0 {
        notes.append(
          "\(Wording.count(repeated, "row repeats", "rows repeat")) an earlier row of the same \(names) in everything "
            + "that is used; clean takes such rows out and records them.")
      }
      let missing = places.map { all[$0].missing }.max() ?? 0
      if missing > 0 {
        let share = Double(missing) / Double(max(1, survey.profile.rows))
        notes.append(
          "\(Wording.count(missing, "row has", "rows have")) no \(names) (\(Wording.percent(share))) and will be "
            + "rejected, each kept in rejects"
            + (share > 0.05
              ? ". That is more than ingest allows: raise \"ingest\": {\"maxRejectedShare\": …} if you mean it."
              : "."))
      }
      let scientific = places.reduce(0) { $0 + all[$1].scientific }
      if scientific > 0 {
        notes.append(
          "\(Wording.count(scientific, "value of \(names) stands", "values of \(names) stand")) in scientific notation, as a spreadsheet "
            + "leaves them; digits are lost, so such rows will be rejected.")
      }
    }
    if !request.key.isEmpty {
      for name in request.key {
        guard let place = all.firstIndex(where: { $0.name == name }) else {
          throw unknownColumn(name, "--id", all)
        }
        columns.append(place)
      }
      let (groups, repeated) = repeats(columns)
      if !groups.isEmpty { try extend(survey, groups, ignored: ignored, target: target) }
      note(columns, repeated)
      return
    }
    // By name, then by what else cannot repeat; a row's number last of all.
    let named = all.indices.filter {
      $0 != target && !rowNumbers.contains($0) && ColumnName(all[$0].name).isIdentifier && all[$0].present > 0
    }.sorted { left, right in
      let (a, b) = (all[left], all[right])
      return a.distinct != b.distinct ? a.distinct > b.distinct : left < right
    }
    for place in named {
      let (groups, repeated) = repeats([place])
      if groups.isEmpty {
        columns = [place]
        note(columns, repeated)
        return
      }
    }
    if let place = named.first {
      columns = [place]
      try extend(survey, repeats([place]).groups, ignored: ignored, target: target)
      note(columns, repeats(columns).repeated)
      return
    }
    let unique = all.indices.filter { place in
      let column = all[place]
      return place != target && !rowNumbers.contains(place) && column.missing == 0
        && column.reals == 0 && column.distinct == survey.profile.rows && survey.profile.rows > 1
        && !ColumnName(column.name).hasWord(of: Vocabulary.money)
    }
    if let place = unique.first ?? rowNumbers.sorted().first(where: { all[$0].missing == 0 }) {
      columns = [place]
      let reason =
        rowNumbers.contains(place)
        ? "it numbers the rows; the same customer must have the same number in the next file"
        : "no value of it repeats"
      notes.append(
        "UNSURE: no column is named like an identifier; \"\(all[place].name)\" was taken as the key because \(reason). "
          + "Name the right one with --id COLUMN (or --id A,B).")
      return
    }
    throw OnboardingError(
      .noKey, "no column of \(survey.fileName) identifies a customer.",
      remedy:
        "Name the column or columns that do with --id COLUMN (or --id A,B), or add a customer number to the file."
    )
  }

  /// Adds the fewest columns that make the key unique, or gives up.
  private mutating func extend(
    _ survey: Survey, _ groups: [[Int32]], ignored: Set<Int>, target: Int?
  ) throws(OnboardingError) {
    let all = survey.profile.columns
    let names = columns.map { "\"\(all[$0].name)\"" }.joined(separator: " + ")
    let free = all.indices.filter {
      !columns.contains($0) && $0 != target && !ignored.contains($0) && survey.table.columns[$0].type != .real
        && !ColumnName(all[$0].name).isOne(of: Vocabulary.targets)
    }
    // Identifiers first, then texts (a branch, a city), then whole numbers.
    func rank(_ place: Int) -> Int {
      if ColumnName(all[place].name).isIdentifier { return 0 }
      switch survey.table.columns[place].type {
      case .category: return 1
      case .text: return 2
      default: return 3
      }
    }
    let candidates = free.sorted { (rank($0), $0) < (rank($1), $1) }.prefix(60).map {
      KeySearch.Candidate(name: all[$0].name, column: survey.table.columns[$0])
    }
    guard let further = KeySearch.furtherColumns(for: groups, among: candidates) else {
      throw OnboardingError(
        .noKey,
        "\(names) does not identify a customer: \(Wording.count(groups.count, "value stands", "values stand")) in rows that "
          + "differ, and no one or two further columns tell them apart.",
        remedy: "Name the columns that do with --id A,B, or mend the file.")
    }
    columns += further.compactMap { name in all.firstIndex { $0.name == name } }
    let added = further.map { "\"\($0)\"" }.joined(separator: " and ")
    notes.append(
      "\(names) alone does not identify a customer: \(Wording.count(groups.count, "value stands", "values stand")) in rows "
        + "that differ. Together with \(added) each customer is told apart, so the key is \(names) + \(added). If these are "
        + "the same people, mend the file and take \(added) out of the key (\"role\": \"feature\").")
  }

  /// Rows that share a key and differ in a used column, by key; and how many rows repeat an earlier one.
  static func repeats(_ table: Table, _ places: [Int], used: [Int]) -> (groups: [[Int32]], repeated: Int) {
    let keys = CustomerKey.column(places.map { table.columns[$0] })
    let order = keys.bytewiseOrder().filter { keys.isPresent(Int($0)) }
    var groups: [[Int32]] = []
    var repeated = 0
    var first = 0
    while first < order.count {
      var past = first + 1
      while past < order.count, keys.compare(Int(order[first]), Int(order[past])) == 0 { past += 1 }
      if past - first > 1 {
        var seen: Set<[String?]> = []
        var different: [Int32] = []
        for row in order[first..<past] {
          if seen.insert(used.map { table.columns[$0].display(Int(row)) }).inserted {
            different.append(row)
          } else {
            repeated += 1
          }
        }
        if different.count > 1 { groups.append(different) }
      }
      first = past
    }
    return (groups, repeated)
  }
}
