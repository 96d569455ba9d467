package import Fingerprints
import Tabular

/// One customer's place in two rankings.
package struct RankMove: Sendable, Equatable {
  /// The customer's key.
  package var key: String
  /// Place before; `nil` where the customer was not ranked.
  package var oldRank: Int?
  /// Place now; `nil` where the customer is not ranked.
  package var newRank: Int?
  /// Probability of leaving before and now, NaN where there is none.
  package var oldProbability = Double.nan
  package var newProbability = Double.nan
  /// ΔEV before and now, NaN where there is none.
  package var oldValue = Double.nan
  package var newValue = Double.nan
  /// Decision before and now: `act` or `doNotAct`, `nil` where there is none.
  package var oldDecision: String?
  package var newDecision: String?
  /// Why; `nil` where it was not looked for.
  package var cause: MoveCause?

  /// For programs.
  package var json: JSONValue {
    func whole(_ value: Int?) -> JSONValue { value.map { .number(Double($0)) } ?? .null }
    func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
    return [
      "key": .string(key), "rank": ["old": whole(oldRank), "new": whole(newRank)],
      "probability": ["old": .number(or: oldProbability), "new": .number(or: newProbability)],
      "expectedValue": ["old": .number(or: oldValue), "new": .number(or: newValue)],
      "decision": ["old": text(oldDecision), "new": text(newDecision)], "cause": cause?.json ?? .null,
    ]
  }
}

/// What differs between two rankings.
package struct RankingComparison: Sendable, Equatable {
  /// How many of the first `k` are the same customers.
  package struct Overlap: Sendable, Equatable {
    /// Length of the head looked at.
    package var k: Int
    /// Customers in both heads.
    package var shared: Int
  }

  /// Customers that joined or left the list of those to act on.
  package struct Change: Sendable, Equatable {
    /// How many.
    package var count: Int
    /// Their ΔEV together, where they are on the list.
    package var value: Double
    /// Those worth most.
    package var shown: [RankMove]
  }

  /// Customers in both.
  package var shared: Int
  /// Spearman's rank correlation over them; NaN for fewer than two.
  package var spearman: Double
  /// Kendall's, likewise.
  package var kendall: Double
  /// Overlap of the heads of 10, 100, 1,000, … and of those to act on.
  package var overlaps: [Overlap]
  /// Customers to act on before, and now.
  package var oldActs: Int
  package var newActs: Int
  /// Who is acted on now and was not.
  package var entered: Change
  /// Who was acted on and is not now.
  package var left: Change
  /// Customers in both by how much their place moved: the larger of the two ranks over the smaller.
  package var movers: [RankMove]
  /// On what the causes rest, in a sentence; `nil` where none were looked for.
  package var causesRestOn: String?

  /// All moves shown, each once: what causes are looked for.
  package var shown: [RankMove] {
    var seen: Set<String> = []
    return (movers + entered.shown + left.shown).filter { seen.insert($0.key).inserted }
  }

  /// Puts the causes found in.
  package mutating func explain(_ causes: [String: MoveCause], restingOn sentence: String) {
    func explained(_ moves: [RankMove]) -> [RankMove] {
      moves.map { move in
        var move = move
        move.cause = causes[move.key] ?? move.cause
        return move
      }
    }
    movers = explained(movers)
    entered.shown = explained(entered.shown)
    left.shown = explained(left.shown)
    causesRestOn = sentence
  }

  /// Compares two rankings, both in rank order, whose rows are matched by `match`; shows at most `most` movers,
  /// joiners and leavers.
  package init(_ old: ComparedTable, _ new: ComparedTable, _ match: RowMatch, most: Int) throws {
    try self.init(RankingColumns(old), RankingColumns(new), match, most: most)
  }

  init(_ old: RankingColumns, _ new: RankingColumns, _ match: RowMatch, most: Int) throws {
    shared = match.old.count
    (spearman, kendall) = RankingComparison.correlations(match)
    // The place in the new ranking of each old row.
    var partner = [Int32](repeating: -1, count: old.keys.count)
    for (i, j) in zip(match.old, match.new) { partner[Int(i)] = j }
    var source = [Int32](repeating: -1, count: new.keys.count)
    for (i, j) in zip(match.old, match.new) { source[Int(j)] = i }
    oldActs = old.acts.reduce(0) { $0 + ($1 ? 1 : 0) }
    newActs = new.acts.reduce(0) { $0 + ($1 ? 1 : 0) }
    let longest = min(old.keys.count, new.keys.count)
    var heads: [Int] = []
    var head = 10
    while head < longest {
      heads.append(head)
      head *= 10
    }
    if newActs > 0, newActs <= longest, !heads.contains(newActs) { heads.append(newActs) }
    overlaps = heads.sorted().map { k in
      Overlap(k: k, shared: (0..<k).reduce(0) { $0 + (partner[$1] >= 0 && Int(partner[$1]) < k ? 1 : 0) })
    }
    func move(_ i: Int?, _ j: Int?) -> RankMove {
      var move = RankMove(key: i.map { old.key($0) } ?? j.map { new.key($0) } ?? "")
      if let i {
        (move.oldRank, move.oldProbability) = (i + 1, old.probabilities[i])
        (move.oldValue, move.oldDecision) = (old.values[i], old.acts[i] ? "act" : "doNotAct")
      }
      if let j {
        (move.newRank, move.newProbability) = (j + 1, new.probabilities[j])
        (move.newValue, move.newDecision) = (new.values[j], new.acts[j] ? "act" : "doNotAct")
      }
      if i == nil { move.cause = .newCustomer }
      if j == nil { move.cause = .goneCustomer }
      return move
    }
    var joined = Change(count: 0, value: 0, shown: [])
    for row in new.acts.indices where new.acts[row] {
      let before = Int(source[row])
      if before >= 0, old.acts[before] { continue }
      joined.count += 1
      joined.value += new.values[row]
      if joined.shown.count < most { joined.shown.append(move(before >= 0 ? before : nil, row)) }
    }
    entered = joined
    var gone = Change(count: 0, value: 0, shown: [])
    for row in old.acts.indices where old.acts[row] {
      let after = Int(partner[row])
      if after >= 0, new.acts[after] { continue }
      gone.count += 1
      gone.value += old.values[row]
      if gone.shown.count < most { gone.shown.append(move(row, after >= 0 ? after : nil)) }
    }
    left = gone
    movers = RankingComparison.largest(match, most).map { move(Int($0.old), Int($0.new)) }
  }

  /// The pairs whose ranks lie furthest apart as a ratio, largest first, ties by the old rank.
  private static func largest(_ match: RowMatch, _ most: Int) -> [(old: Int32, new: Int32)] {
    guard most > 0 else { return [] }
    var kept: [(ratio: Double, pair: Int)] = []
    for pair in match.old.indices {
      let (a, b) = (Double(match.old[pair] + 1), Double(match.new[pair] + 1))
      if a == b { continue }
      let ratio = a > b ? a / b : b / a
      if kept.count == most, let last = kept.last, ratio <= last.ratio { continue }
      var place = kept.count
      while place > 0, kept[place - 1].ratio < ratio { place -= 1 }
      kept.insert((ratio, pair), at: place)
      if kept.count > most { kept.removeLast() }
    }
    return kept.map { (match.old[$0.pair], match.new[$0.pair]) }
  }

  /// Spearman's and Kendall's correlation of the orders of the customers both have; no place is shared, so
  /// there are no ties.
  private static func correlations(_ match: RowMatch) -> (spearman: Double, kendall: Double) {
    let count = match.old.count
    guard count > 1 else { return (.nan, .nan) }
    // Places among the shared customers: old ones ascend by construction.
    let last = Int(match.new.max() ?? 0)
    var isShared = [Bool](repeating: false, count: last + 1)
    for row in match.new { isShared[Int(row)] = true }
    var place = [Int32](repeating: 0, count: last + 1)
    var next: Int32 = 0
    for row in isShared.indices where isShared[row] {
      place[row] = next
      next += 1
    }
    var order = match.new.map { place[Int($0)] }
    var squares = 0.0
    for (old, new) in order.enumerated() {
      let difference = Double(old) - Double(new)
      squares += difference * difference
    }
    let n = Double(count)
    let crossings = Double(inversions(&order))
    return (1 - 6 * squares / (n * (n * n - 1)), 1 - 4 * crossings / (n * (n - 1)))
  }

  /// Pairs that stand the wrong way round, counted while merging; sorts `values`.
  private static func inversions(_ values: inout [Int32]) -> Int {
    var other = values
    var width = 1
    var count = 0
    while width < values.count {
      var start = 0
      while start < values.count {
        let middle = min(start + width, values.count)
        let end = min(start + 2 * width, values.count)
        var (i, j, k) = (start, middle, start)
        while k < end {
          if j >= end || i < middle && values[i] <= values[j] {
            other[k] = values[i]
            i += 1
          } else {
            other[k] = values[j]
            j += 1
            count += middle - i
          }
          k += 1
        }
        start = end
      }
      swap(&values, &other)
      width *= 2
    }
    return count
  }

  /// For programs.
  package var json: JSONValue {
    func change(_ change: Change) -> JSONValue {
      [
        "count": .number(Double(change.count)), "expectedValue": .number(or: change.value),
        "shown": .list(change.shown.map(\.json)),
      ]
    }
    return [
      "shared": .number(Double(shared)), "spearman": .number(or: spearman), "kendall": .number(or: kendall),
      "overlaps": .list(
        overlaps.map { ["k": .number(Double($0.k)), "shared": .number(Double($0.shared))] }),
      "act": ["old": .number(Double(oldActs)), "new": .number(Double(newActs))], "entered": change(entered),
      "left": change(left), "movers": .list(movers.map(\.json)),
      "causesRestOn": causesRestOn.map { .string($0) } ?? .null,
    ]
  }
}

/// The columns of a ranking that a comparison needs.
struct RankingColumns {
  let keys: TextColumn
  let probabilities: [Double]
  let values: [Double]
  let acts: [Bool]

  init(_ table: ComparedTable) throws {
    defer { table.release() }
    keys = try table.keys("key")
    func numbers(_ name: String) throws -> [Double] {
      switch try table.column(name) {
      case .real(let column): column.values
      case .integer(let column): column.doubles()
      default: throw TableError.wrongType(name, expected: .real, found: .text)
      }
    }
    probabilities = try numbers("probability")
    values = try numbers("expectedValue")
    guard case .category(let decisions) = try table.column("decision") else {
      throw TableError.wrongType("decision", expected: .category, found: .text)
    }
    let act = Int32(decisions.dictionary.firstIndex(of: "act") ?? -2)
    acts = decisions.codes.map { $0 == act }
  }

  func key(_ row: Int) -> String { keys.text(row) ?? "" }
}
