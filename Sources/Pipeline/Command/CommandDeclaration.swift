import Fingerprints

/// What a stage of kind `command` runs: a program of somebody else's, without a shell.
package struct CommandDeclaration: Sendable, Equatable {
  /// The program and its arguments, as declared. `{in:NAME}` and `{out:NAME}` in an argument stand for the
  /// path of an input or output.
  package var arguments: [String]
  /// Files of the project the program reads besides its inputs, such as its script; paths from the project's
  /// folder. It finds copies of them under the same paths from where it is started.
  package var files: [String]
  /// All the environment it sees.
  package var environment: [String: String]
  /// Seconds after which it is stopped; no part of the key.
  package var timeLimit: Int
  /// Where program and files are named, by name: `file:line:column`. Empty for a command of the past.
  var places: [String: String] = [:]

  /// Seconds a program may take where nothing is said.
  package static let usualTimeLimit = 3600

  /// A command.
  package init(
    arguments: [String], files: [String], environment: [String: String],
    timeLimit: Int = CommandDeclaration.usualTimeLimit
  ) {
    self.arguments = arguments
    self.files = files
    self.environment = environment
    self.timeLimit = timeLimit
  }

  /// The command a key was made with; `nil` where the stage was none.
  init?(preimage: JSONValue) {
    guard preimage["program"] != nil, let arguments = preimage["arguments"]?.elements else { return nil }
    self.init(
      arguments: arguments.compactMap(\.text),
      files: CanonicalJSON.sortedKeys(preimage["files"]?.members ?? [:]),
      environment: (preimage["environment"]?.members ?? [:]).compactMapValues(\.text))
  }

  /// Where `name` is named, for a message; empty where that is not known.
  func place(of name: String) -> String { places[name].map { $0 + ": " } ?? "" }

  /// A part of an argument.
  enum Piece: Equatable {
    case text(String)
    case input(String)
    case output(String)
  }

  /// The parts of `argument`; braces that begin neither `{in:` nor `{out:` are text like any other.
  static func pieces(of argument: String) -> [Piece] {
    var pieces: [Piece] = []
    var plain = ""
    var rest = argument[...]
    while let brace = rest.firstIndex(of: "{") {
      plain += rest[..<brace]
      let tail = rest[brace...]
      guard let prefix = ["{in:", "{out:"].first(where: { tail.hasPrefix($0) }),
        let end = tail.firstIndex(of: "}")
      else {
        plain += "{"
        rest = tail.dropFirst()
        continue
      }
      if !plain.isEmpty { pieces.append(.text(plain)) }
      plain = ""
      let name = String(tail.dropFirst(prefix.count).prefix { $0 != "}" })
      pieces.append(prefix == "{in:" ? .input(name) : .output(name))
      rest = tail[tail.index(after: end)...]
    }
    plain += rest
    if !plain.isEmpty { pieces.append(.text(plain)) }
    return pieces
  }
}
