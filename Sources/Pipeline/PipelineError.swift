/// Why a run, or a question about one, ends before or between its stages.
package struct PipelineError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What kind of thing is wrong; decides the exit code.
  package enum Kind: String, Sendable {
    /// What was asked for cannot be: exit code 2.
    case usage
    /// A source's file is missing or cannot be read: exit code 2.
    case source
    /// Reading or writing failed: exit code 1.
    case failed
    /// Another run holds the lock: exit code 5.
    case locked
    /// A digest or the chain does not hold: exit code 6.
    case integrity
    /// A legal hold keeps what was to go: exit code 7.
    case held
    /// Stopped by SIGINT (130).
    case interrupted
    /// Stopped by SIGTERM (143).
    case terminated
  }

  /// What kind of thing is wrong.
  package let kind: Kind
  /// What happened, in a sentence.
  package let message: String
  /// How to mend it.
  package let remedy: String?

  /// An error.
  package init(_ kind: Kind, _ message: String, remedy: String? = nil) {
    self.kind = kind
    self.message = message
    self.remedy = remedy
  }

  /// The exit code of a command that ends with it.
  package var exitCode: Int32 {
    switch kind {
    case .failed: 1
    case .usage, .source: 2
    case .locked: 5
    case .integrity: 6
    case .held: 7
    case .interrupted: 130
    case .terminated: 143
    }
  }

  package var description: String { message + (remedy.map { "; " + $0 } ?? "") }
}
