import Delimited
import Statistics
import Tabular

/// Finds columns that tell by themselves who left, as only those do that are filled in afterwards.
struct LeakSearch: Sendable {
  private let found: [Int: Double]

  /// A single column that separates better than this is taken for a leak.
  static let limit = 0.98

  init(_ survey: Survey, _ labels: [Bool?]) {
    let labelled = labels.indices.filter { labels[$0] != nil }
    let columns = survey.table.columns
    // A hundred million cells at most, so that wide files are proposed for in seconds.
    let most = min(50_000, max(2_000, 20_000_000 / max(1, columns.count)))
    let step = max(1, labelled.count / most)
    let rows = stride(from: 0, to: labelled.count, by: step).map { labelled[$0] }
    let outcome = rows.map { labels[$0] ?? false }
    let events = outcome.reduce(0) { $0 + ($1 ? 1 : 0) }
    guard events >= 20, rows.count - events >= 20 else {
      found = [:]
      return
    }
    let flags = outcome.map { $0 ? UInt8(1) : 0 }
    var found: [Int: Double] = [:]
    for (place, column) in columns.enumerated() {
      guard let scores = LeakSearch.scores(column, rows, outcome),
        let area = ScoreOrder(scores, labels: flags).rocAuc
      else { continue }
      let separation = max(area, 1 - area)
      if separation > LeakSearch.limit { found[place] = separation }
    }
    self.found = found
  }

  /// How surely the column in `place` tells; `nil` where it is no leak.
  func separation(of place: Int) -> Double? { found[place] }

  /// A number a row: the value itself, or the share of leavers among rows of the same text. Where gaps
  /// alone separate better (a closing date), presence.
  private static func scores(_ column: Column, _ rows: [Int], _ outcome: [Bool]) -> [Double]? {
    let values: [Double]
    switch column {
    case .real(let numbers): values = rows.map { numbers.values[$0] }
    case .integer(let numbers):
      values = rows.map { numbers.isPresent($0) ? Double(numbers.values[$0]) : .nan }
    case .text(let texts): values = rows.map { texts.isPresent($0) ? 1 : .nan }
    case .category(let categories):
      // Shares of small groups would follow the labels by themselves.
      guard categories.dictionary.count * 20 <= rows.count else { return nil }
      var counts = [Double](repeating: 0, count: categories.dictionary.count + 1)
      var events = counts
      for (place, row) in rows.enumerated() {
        let code = Int(categories.codes[row]) + 1
        counts[code] += 1
        if outcome[place] { events[code] += 1 }
      }
      return rows.map { row in
        let code = Int(categories.codes[row]) + 1
        return events[code] / counts[code]
      }
    }
    let gaps = values.reduce(0) { $0 + ($1.isNaN ? 1 : 0) }
    guard gaps > 0 else { return values }
    guard gaps < values.count else { return nil }
    let presence = values.map { $0.isNaN ? 0.0 : 1.0 }
    let share = ScoreOrder(presence, labels: outcome.map { $0 ? 1 : 0 }).rocAuc ?? 0.5
    return max(share, 1 - share) > limit ? presence : values.map { $0.isNaN ? -.infinity : $0 }
  }
}
