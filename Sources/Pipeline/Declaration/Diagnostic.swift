package import Fingerprints

/// One mistake in a declaration, with the place it stands at.
package struct Diagnostic: Error, Sendable, Equatable {
  /// Whether the run can go on.
  package enum Severity: String, Sendable {
    case error
    case warning
  }

  /// What kind of mistake.
  package let code: DiagnosticCode
  /// Whether the run can go on.
  package let severity: Severity
  /// What is wrong, in a sentence.
  package let message: String
  /// The file as the user knows it, relative to the project; `--set` for an override.
  package let file: String
  /// Line from 1; 0 where the file as a whole is meant.
  package let line: Int
  /// Character of the line, from 1; 0 where the file as a whole is meant.
  package let column: Int
  /// The line as written, cut to a window around the place where it is long; control characters
  /// replaced.
  package let sourceLine: String
  /// Where in `sourceLine` the place begins, from 0, in characters.
  package let caret: Int
  /// How many characters are meant.
  package let width: Int
  /// A word beside the caret: `did you mean "max_depth"?`.
  package let hint: String?
  /// How to mend it.
  package let help: String?

  /// As a compiler would print it, without a line end.
  package var text: String {
    var lines = ["\(severity.rawValue)[\(code.rawValue)]: \(message)"]
    if line > 0 {
      let number = String(line)
      let margin = String(repeating: " ", count: number.count + 1)
      lines.append("\(margin)--> \(file):\(line):\(column)")
      lines.append("\(margin) |")
      lines.append(" \(number) | \(sourceLine)")
      let marks = String(repeating: "^", count: max(1, width))
      let pad = String(repeating: " ", count: caret)
      lines.append("\(margin) | \(pad)\(marks)\(hint.map { " " + $0 } ?? "")")
      if let help { lines.append("\(margin) = help: \(help)") }
    } else {
      lines.append(" --> \(file)")
      if let hint { lines.append("  = \(hint)") }
      if let help { lines.append("  = help: \(help)") }
    }
    return lines.joined(separator: "\n")
  }

  /// The same facts for programs.
  package var json: JSONValue {
    var members: [String: JSONValue] = [
      "code": .string(code.rawValue), "severity": .string(severity.rawValue),
      "message": .string(message), "file": .string(file),
    ]
    if line > 0 {
      members["line"] = .number(Double(line))
      members["column"] = .number(Double(column))
      members["endColumn"] = .number(Double(column + width))
    }
    members["hint"] = hint.map { .string($0) }
    members["help"] = help.map { .string($0) }
    return .object(members)
  }
}

/// All mistakes found in a project's declarations: what a command that cannot go on throws (exit
/// code 2).
package struct DeclarationErrors: Error, Sendable, Equatable, CustomStringConvertible {
  /// In the order of files, then of places; never empty.
  package let diagnostics: [Diagnostic]

  /// All of `diagnostics`.
  package init(_ diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }

  /// What is printed: each as a compiler would, and their number.
  package var description: String {
    let count = diagnostics.count
    return diagnostics.map(\.text).joined(separator: "\n\n")
      + "\n\n\(count) error\(count == 1 ? "" : "s") in the declarations; nothing was run"
  }
}
