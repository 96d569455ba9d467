import Clientele
import Delimited
import Tabular

/// Which column says who left.
struct TargetProposal: Sendable {
  /// Its place in the file; `nil` for a project that only scores.
  var column: Int?
  /// The value that means that a customer left, where it is not 1.
  var positive: String?
  /// What the user should know, in sentences.
  var notes: [String] = []

  init(_ survey: Survey, _ request: OnboardingRequest) throws(OnboardingError) {
    let columns = survey.profile.columns
    if let name = request.target {
      guard let place = columns.firstIndex(where: { $0.name == name }) else {
        throw unknownColumn(name, "--target", columns)
      }
      let values = TargetProposal.values(survey, place)
      guard values.count == 2 else {
        throw OnboardingError(
          .badTarget,
          "the target \"\(name)\" holds \(values.count < 2 ? "no two different values" : "more than two different values").",
          remedy: "Name a column that says only whether a customer left, or leave --target out.")
      }
      take(place, columns[place], values)
      return
    }
    var binary: [(place: Int, values: [(text: String, rows: Int)], rank: Int)] = []
    for (place, column) in columns.enumerated() {
      let name = ColumnName(column.name)
      let rank: Int
      if name.isOne(of: Vocabulary.targets) {
        rank = name.contains(anyOf: Vocabulary.leaving) ? 0 : 1
      } else if name.contains(anyOf: Vocabulary.leaving) {
        rank = 2
      } else {
        continue
      }
      let values = TargetProposal.values(survey, place)
      if values.count == 2 {
        binary.append((place, values, rank))
      } else if rank < 2 {
        notes.append(
          "\"\(column.name)\" is named like a target but does not hold two values, so it was not taken as one."
        )
      }
    }
    // Of equals the last: the target usually stands at the end.
    if let best = binary.min(by: { ($0.rank, -$0.place) < ($1.rank, -$1.place) }) {
      take(best.place, columns[best.place], best.values)
      if best.rank > 0 {
        notes.append(
          "\"\(columns[best.place].name)\" was taken as the target by its name. If another column says who left, give "
            + "that one \"role\": \"target\" and this one another role.")
      }
      return
    }
    let last = columns.count - 1
    let values = TargetProposal.values(survey, last)
    if values.count == 2, values.contains(where: { Vocabulary.left.contains($0.text.lowercased()) }),
      !ColumnName(columns[last].name).hasWord(of: Vocabulary.protected)
    {
      take(last, columns[last], values)
      notes.append(
        "UNSURE: no column is named like a target; \"\(columns[last].name)\" was taken because it stands last and "
          + "holds two values. If it does not say who left, give it \"role\": \"feature\" and name the right one with "
          + "--target.")
      return
    }
    notes.append(
      "No column says who left, so this project can only score with a model trained elsewhere. If one does, name it: "
        + "--target COLUMN.")
  }

  private mutating func take(_ place: Int, _ column: ColumnProfile, _ values: [(text: String, rows: Int)]) {
    self.column = place
    let usual = values.filter { Vocabulary.left.contains($0.text.lowercased()) }
    if usual.count == 1, let value = usual.first {
      if Double(value.text) != 1 { positive = value.text }
      return
    }
    // Fewer leave than stay.
    guard let rarer = values.min(by: { ($0.rows, $0.text) < ($1.rows, $1.text) }) else { return }
    positive = rarer.text
    notes.append(
      "UNSURE: \"\(rarer.text)\", the rarer value of \"\(column.name)\", was taken to mean that the customer left. If it "
        + "is the other, change \"positive\".")
  }

  /// The different values, numbers by what they are (1 and 1.0 are one), with their rows; no more
  /// than three are looked for.
  static func values(_ survey: Survey, _ place: Int) -> [(text: String, rows: Int)] {
    var found: [(text: String, rows: Int)] = []
    for value in survey.profile.columns[place].values {
      let text = value.text.trimmingSpaces()
      let number = Double(text)
      if let known = found.firstIndex(where: {
        $0.text == text || (number != nil && Double($0.text) == number)
      }) {
        found[known].rows += value.rows
      } else {
        found.append((text, value.rows))
      }
      if found.count > 2 { break }
    }
    return found
  }
}

/// A column the user named and the file lacks.
func unknownColumn(_ name: String, _ option: String, _ columns: [ColumnProfile]) -> OnboardingError {
  return OnboardingError(
    .noSuchColumn, "\(option) names \"\(name)\", which is no column of the file.",
    remedy: NearestName.hint(name, among: columns.map(\.name)) ?? "Spell it as the header does.")
}

extension String {
  /// Without spaces and tabs at either end.
  func trimmingSpaces() -> String {
    let isSpace: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 }
    let bytes = utf8.drop(while: isSpace)
    guard let last = bytes.lastIndex(where: { !isSpace($0) }) else { return "" }
    return String(decoding: bytes[...last], as: UTF8.self)
  }
}
