import Learning
import Modelling

/// The columns of a filled frame and their classes in words.
struct ColumnWords: Sendable {
  private let encoding: FeatureEncoding
  /// The columns filled, whose marks stand after the encoding's own.
  private let marked: [Int]

  init(_ encoding: FeatureEncoding, _ fill: MissingFill) {
    self.encoding = encoding
    marked = fill.rules.indices.filter { fill.rules[$0] != .keep }
  }

  private func mark(_ column: Int) -> Int? {
    column < encoding.columns.count ? nil : marked[column - encoding.columns.count]
  }

  /// What the column is called.
  func name(_ column: Int) -> String {
    mark(column).map { encoding.columns[$0].name + " is missing" } ?? encoding.columns[column].name
  }

  /// Whether it is a protected attribute, or the mark of one.
  func isProtected(_ column: Int) -> Bool { encoding.columns[mark(column) ?? column].isProtected }

  /// The text behind a code.
  func level(_ column: Int, _ code: Int) -> String {
    guard mark(column) == nil, case .category(let levels) = encoding.columns[column].kind,
      levels.indices.contains(code)
    else { return "\(code)" }
    return levels[code]
  }

  /// Which customers class `number` of a column holds.
  func words(_ column: Int, _ rule: CoarseClasses.Rule, _ number: Int) -> String {
    switch rule {
    case .edges(let edges):
      if number > edges.count { return "missing" }
      if mark(column) != nil, edges.count == 1 { return number == 0 ? "no" : "yes" }
      if edges.isEmpty { return "any" }
      if number == 0 { return "up to \(ColumnWords.number(edges[0]))" }
      let above = "above \(ColumnWords.number(edges[number - 1]))"
      return number == edges.count ? above : "\(above) to \(ColumnWords.number(edges[number]))"
    case .codes(let classes):
      let texts = classes.indices.filter { classes[$0] == Int32(number) }.map { level(column, $0) }
      if texts.isEmpty { return "missing or unseen" }
      let shown = texts.prefix(ColumnWords.mostTexts).joined(separator: ", ")
      return texts.count > ColumnWords.mostTexts
        ? "\(shown) and \(texts.count - ColumnWords.mostTexts) more" : shown
    }
  }

  /// Texts of a class that are named; the model holds all.
  private static let mostTexts = 8

  /// A number to six digits.
  static func number(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return value == 0 ? "0" : "–" }
    var scale = 1.0
    while value.magnitude * scale < 100_000, scale < 1e12 { scale *= 10 }
    let rounded = (value * scale).rounded() / scale
    let text = "\(rounded)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
