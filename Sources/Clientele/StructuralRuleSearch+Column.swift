package import Tabular

extension StructuralRuleSearch.Candidate {
  /// The rows named of `column` as a candidate: categories, and numbers that are whole with no more than
  /// `mostValues` different ones. `nil` for other columns: no rule is said by listing amounts.
  package init?(name: String, column: Column, rows: [Int32]) {
    switch column {
    case .category(let categories):
      self.init(
        name: name, codes: rows.map { categories.codes[Int($0)] }, values: categories.dictionary)
    case .integer(let numbers):
      let values = rows.map { numbers.isPresent(Int($0)) ? Double(numbers.values[Int($0)]) : .nan }
      self.init(name: name, numbers: values)
    case .real(let numbers):
      self.init(name: name, numbers: rows.map { numbers.values[Int($0)] })
    case .text: return nil
    }
  }

  private init?(name: String, numbers: [Double]) {
    if let few = StructuralRuleSearch.Candidate.nearby(numbers) {
      self.init(name: name, codes: few.codes, values: few.values)
      return
    }
    var slots: [Double: Int32] = [:]
    for value in numbers where !value.isNaN {
      guard value == value.rounded(), abs(value) < 1e15 else { return nil }
      if slots[value] == nil {
        guard slots.count < StructuralRuleSearch.mostValues else { return nil }
        slots[value] = 0
      }
    }
    let values = slots.keys.sorted()
    for (code, value) in values.enumerated() { slots[value] = Int32(code) }
    self.init(
      name: name, codes: numbers.map { $0.isNaN ? -1 : slots[$0] ?? -1 },
      values: values.map { String(Int64($0)) })
  }

  /// Whole numbers that lie close together, told apart without hashing; `nil` for others.
  private static func nearby(_ numbers: [Double]) -> (codes: [Int32], values: [String])? {
    var (low, high) = (Double.infinity, -Double.infinity)
    for value in numbers where !value.isNaN {
      if value != value.rounded() { return nil }
      if value < low { low = value }
      if value > high { high = value }
    }
    guard low <= high, high - low < Double(StructuralRuleSearch.mostValues), abs(low) < 1e15 else {
      return nil
    }
    var isUsed = [Bool](repeating: false, count: Int(high - low) + 1)
    for value in numbers where !value.isNaN { isUsed[Int(value - low)] = true }
    let places = isUsed.indices.filter { isUsed[$0] }
    var codes = [Int32](repeating: -1, count: isUsed.count)
    for (code, place) in places.enumerated() { codes[place] = Int32(code) }
    return (
      numbers.map { $0.isNaN ? -1 : codes[Int($0 - low)] }, places.map { String(Int64(low) + Int64($0)) }
    )
  }
}
