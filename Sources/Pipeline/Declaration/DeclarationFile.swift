import Fingerprints

/// One declaration file as parsed, with the places of its members, and the mistakes found so far.
struct DeclarationFile {
  /// The name the user knows it by.
  let name: String
  /// Its text.
  let bytes: [UInt8]
  /// What it says.
  var value: JSONValue
  /// Where its members stand.
  let positions: JSONPositions
  /// Members an override put in the place of what the file says: option text and where in it the
  /// value begins, by path.
  var overrides: [String: (option: String, value: Int)] = [:]

  /// Largest file that is read.
  static let sizeLimit = 16 << 20

  /// The file's text parsed; `nil` where it is no JSON, which is then complained about.
  init?(name: String, bytes: [UInt8], into complaints: Complaints) {
    self.name = name
    self.bytes = bytes
    do {
      (value, positions) = try JSONParser.parseWithPositions(bytes)
    } catch {
      complaints.add(
        Diagnostic(
          .notJSON, error.message, file: name, bytes: bytes, range: error.offset..<error.offset + 1))
      return nil
    }
  }

  /// Which part of a member is meant.
  enum Part {
    case key
    case value
  }

  /// A mistake at `part` of the member at `path`; where the file has no such place, at the nearest
  /// that holds it.
  func diagnostic(
    _ code: DiagnosticCode, _ message: String, path: String, part: Part, hint: String? = nil,
    help: String? = nil
  ) -> Diagnostic {
    var path = path
    // A member within one that was set on the command line stands there, not in the file.
    var outer = overrides.isEmpty ? nil : Optional(path[...])
    while let prefix = outer {
      if let place = overrides[String(prefix)] {
        let option = Array(place.option.utf8)
        let range = part == .key ? 0..<max(0, place.value - 1) : place.value..<option.count
        return Diagnostic(
          code, message, file: "--set", bytes: option, range: range, hint: hint, help: help)
      }
      outer = prefix.lastIndex(of: "/").map { prefix[..<$0] }
    }
    while true {
      if let place = positions.places[path] {
        var range = part == .key ? place.key ?? place.value : place.value
        // An object or list is meant by its first character, not by all its lines.
        if let first = bytes[range].first, first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
          range = range.lowerBound..<range.lowerBound + 1
        }
        return Diagnostic(code, message, file: name, bytes: bytes, range: range, hint: hint, help: help)
      }
      guard let slash = path.lastIndex(of: "/") else {
        return Diagnostic(code, message, file: name, hint: hint, help: help)
      }
      path = String(path[..<slash])
    }
  }
}

/// Gathers the mistakes of all files, so that they are said in one go.
final class Complaints {
  private(set) var all: [Diagnostic] = []

  /// How many are enough: a file made to be wrong everywhere must not cost hours.
  static let limit = 500

  /// Takes one in, unless enough are known; the same one is not said twice.
  func add(_ diagnostic: @autoclosure () -> Diagnostic) {
    guard all.count < Complaints.limit else { return }
    let diagnostic = diagnostic()
    if !all.contains(diagnostic) { all.append(diagnostic) }
  }

  /// Whether nothing was found.
  var isEmpty: Bool { all.isEmpty }

  /// Throws what was found: by file in the order first complained about, then by place.
  func throwIfAny() throws(DeclarationErrors) {
    guard !all.isEmpty else { return }
    var order: [String: Int] = [:]
    for diagnostic in all where order[diagnostic.file] == nil { order[diagnostic.file] = order.count }
    let sorted = all.enumerated().sorted { left, right in
      let a = left.element
      let b = right.element
      return (order[a.file] ?? 0, a.line, a.column, left.offset)
        < (order[b.file] ?? 0, b.line, b.column, right.offset)
    }
    throw DeclarationErrors(sorted.map(\.element))
  }
}

extension Diagnostic {
  /// Longest part of a source line that is shown.
  private static let window = 100

  /// A mistake about a file as a whole.
  init(_ code: DiagnosticCode, _ message: String, file: String, hint: String? = nil, help: String? = nil) {
    self.code = code
    severity = .error
    self.message = message
    self.file = file
    line = 0
    column = 0
    sourceLine = ""
    caret = 0
    width = 0
    self.hint = hint
    self.help = help
  }

  /// A mistake at `range` of `bytes`; only its part on the first line is marked.
  init(
    _ code: DiagnosticCode, _ message: String, file: String, bytes: [UInt8], range: Range<Int>,
    hint: String? = nil, help: String? = nil
  ) {
    let newline = UInt8(ascii: "\n")
    let start = min(max(0, range.lowerBound), bytes.count)
    let lineStart = (bytes[..<start].lastIndex(of: newline) ?? -1) + 1
    let lineEnd = bytes[start...].firstIndex(of: newline) ?? bytes.count
    let end = min(max(range.upperBound, start), lineEnd)
    let bom = lineStart == 0 && bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0

    func scalars(_ part: ArraySlice<UInt8>) -> [Unicode.Scalar] {
      Array(String(decoding: part, as: UTF8.self).unicodeScalars)
    }
    let before = scalars(bytes[min(lineStart + bom, start)..<start])
    let meant = scalars(bytes[start..<end])
    let after = scalars(bytes[end..<min(lineEnd, end + 4 * Diagnostic.window)])
    // Enough before the place to recognise it, the place itself, and what still fits.
    let kept = before.suffix(before.count + meant.count <= Diagnostic.window ? before.count : 40)
    let marked = meant.prefix(Diagnostic.window - kept.count)
    let rest = after.prefix(max(0, Diagnostic.window - kept.count - marked.count))
    var shown = String.UnicodeScalarView()
    let cut = kept.count < before.count
    if cut { shown.append("…") }
    for scalar in Array(kept) + Array(marked) + Array(rest) where scalar != "\r" {
      let isControl = scalar.properties.generalCategory == .control || scalar.properties.isBidiControl
      shown.append(scalar == "\t" ? " " : isControl ? "\u{FFFD}" : scalar)
    }

    self.code = code
    severity = .error
    self.message = message
    self.file = file
    line = bytes[..<start].count { $0 == newline } + 1
    column = before.count + 1
    sourceLine = String(shown)
    caret = kept.count + (cut ? 1 : 0)
    width = max(1, marked.count)
    self.hint = hint
    self.help = help
  }
}
