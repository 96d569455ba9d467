/// Looks for a rule in words that says where a column's values are missing: one condition, or two at
/// once. Only proposes: a rule does nothing until someone who knows the bank switches it on.
package enum StructuralRuleSearch {
  /// A column a condition may look at.
  package struct Candidate: Sendable {
    /// Its name in the source.
    package var name: String
    /// One code a row into `values`; −1 where missing.
    package var codes: [Int32]
    /// What the codes stand for, as the values display.
    package var values: [String]

    /// A candidate.
    package init(name: String, codes: [Int32], values: [String]) {
      self.name = name
      self.codes = codes
      self.values = values
    }
  }

  /// The rule found and how well it fits.
  package struct Proposal: Sendable, Equatable {
    /// The rule, switched off.
    package var rule: StructuralZeroRule
    /// Rows looked at.
    package var rows: Int
    /// Of these, with the value missing.
    package var missing: Int
    /// Rows the rule holds for.
    package var holds: Int
    /// Of these, with the value missing.
    package var covered: Int

    /// 2·covered ∕ (missing + holds): the harmonic mean of the share of the missing that the rule
    /// covers and the share of its rows that are missing.
    package var fit: Double { missing + holds == 0 ? 0 : 2 * Double(covered) / Double(missing + holds) }

    /// The rule in a sentence, such as "balance is missing where equity is 0: …".
    package func words(for column: String) -> String {
      let conditions = rule.when.map { condition in
        let values = condition.isOneOf
        let list =
          values.count == 1
          ? values[0] : values.dropLast().joined(separator: ", ") + " or " + (values.last ?? "")
        return "\(condition.column) is \(list)"
      }
      return "\(column) is missing where \(conditions.joined(separator: " and ")): "
        + "this holds for \(Wording.count(holds)) of \(Wording.count(rows)) customers looked at, "
        + "\(Wording.percent(Double(covered) / Double(max(1, holds)))) of them lack it, and they are "
        + "\(Wording.percent(Double(covered) / Double(max(1, missing)))) of all who lack it"
    }
  }

  /// A column with more different values than this makes no condition.
  package static let mostValues = 1000
  /// Single values of one column that are tried in pairs with others.
  private static let mostSingles = 12
  /// A rule that fits worse than this is not worth saying.
  package static let leastFit = 0.5

  private struct Option {
    var column: Int
    var codes: [Int32]
    var mask: [UInt64]
    var holds: Int
    var covered: Int
    func fit(_ missing: Int) -> Double { 2 * Double(covered) / Double(missing + holds) }
  }

  /// The best rule for where `missing` (one a row) is true; `nil` where none fits by half. Two
  /// conditions are taken only where they fit better than one by more than .01; ties go to the earlier
  /// column and value.
  package static func best(_ candidates: [Candidate], missing: [Bool]) -> Proposal? {
    let rows = missing.count
    let total = missing.reduce(0) { $0 + ($1 ? 1 : 0) }
    guard total > 0, total < rows else { return nil }
    var words = [UInt64](repeating: 0, count: (rows + 63) / 64)
    for row in 0..<rows where missing[row] { words[row >> 6] |= 1 << UInt64(row & 63) }
    let all = candidates.indices.flatMap {
      conditions(candidates[$0], at: $0, missing: missing, total: total)
    }
    // Stable: earlier columns and values first among equals.
    let ranked = all.indices.sorted { left, right in
      let (a, b) = (all[left].fit(total), all[right].fit(total))
      return a != b ? a > b : left < right
    }
    let options = ranked.prefix(24).map { all[$0] }
    guard let single = options.first else { return nil }
    var best = [single]
    var score = single.fit(total) + 0.01
    var (holds, covered) = (single.holds, single.covered)
    for first in options.indices {
      for second in options.indices.dropFirst(first + 1)
      where options[first].column != options[second].column {
        var both = 0
        var hit = 0
        for word in words.indices {
          let mask = options[first].mask[word] & options[second].mask[word]
          both += mask.nonzeroBitCount
          hit += (mask & words[word]).nonzeroBitCount
        }
        let fit = 2 * Double(hit) / Double(total + both)
        if fit > score {
          score = fit
          best = [options[first], options[second]]
          (holds, covered) = (both, hit)
        }
      }
    }
    best.sort { left, right in left.column < right.column }
    let rule = StructuralZeroRule(
      enabled: false,
      when: best.map { option in
        Condition(
          column: candidates[option.column].name,
          isOneOf: option.codes.map { candidates[option.column].values[Int($0)] })
      })
    let proposal = Proposal(rule: rule, rows: rows, missing: total, holds: holds, covered: covered)
    return proposal.fit >= leastFit ? proposal : nil
  }

  /// Each single value of a column, and the values where most rows are missing taken together.
  private static func conditions(_ candidate: Candidate, at column: Int, missing: [Bool], total: Int)
    -> [Option]
  {
    var counts = [Int](repeating: 0, count: candidate.values.count)
    var hits = counts
    for row in missing.indices {
      let code = Int(candidate.codes[row])
      guard code >= 0 else { continue }
      counts[code] += 1
      if missing[row] { hits[code] += 1 }
    }
    let used = counts.indices.filter { counts[$0] > 0 }
    guard used.count >= 2, used.count <= mostValues else { return [] }
    let fits = counts.indices.map { 2 * Double(hits[$0]) / Double(counts[$0] + total) }
    var sets = used.filter { hits[$0] > 0 }.sorted { (-fits[$0], $0) < (-fits[$1], $1) }
      .prefix(mostSingles).sorted().map { [Int32($0)] }
    let mostly = used.filter { 2 * hits[$0] > counts[$0] }.map(Int32.init)
    // A list longer than this is no rule that anyone would say.
    if mostly.count > 1, mostly.count < used.count, mostly.count <= mostSingles { sets.append(mostly) }
    return sets.map { codes in
      var mask = [UInt64](repeating: 0, count: (missing.count + 63) / 64)
      var chosen = [Bool](repeating: false, count: candidate.values.count)
      for code in codes { chosen[Int(code)] = true }
      for row in missing.indices {
        let code = Int(candidate.codes[row])
        if code >= 0, chosen[code] { mask[row >> 6] |= 1 << UInt64(row & 63) }
      }
      return Option(
        column: column, codes: codes, mask: mask, holds: codes.reduce(0) { $0 + counts[Int($1)] },
        covered: codes.reduce(0) { $0 + hits[Int($1)] })
    }
  }
}

extension StructuralZeroRule {
  /// The rule as the member of a column's contract, ready to paste.
  package var asContractMember: String {
    let conditions = when.map { condition in
      "{\"column\":\(quoted(condition.column)),\"isOneOf\":[\(condition.isOneOf.map(quoted).joined(separator: ","))]}"
    }
    return "{\"structuralZero\":{\"enabled\":\(enabled),\"when\":[\(conditions.joined(separator: ","))]}}"
  }
}
