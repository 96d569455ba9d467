/// Why a stage gives up: what happened, where, and how to mend it. No customer's value stands in it.
package struct StageFault: Error, Sendable, Equatable, CustomStringConvertible {
  /// What kind of thing is wrong; decides outcome and exit code.
  package enum Kind: String, Sendable {
    /// It could not do its work: exit code 1.
    case failed
    /// The declarations ask for what cannot be: exit code 2.
    case configuration
    /// The data may not be used: exit code 3.
    case data
    /// The model may not be used: exit code 4.
    case model
    /// There is nothing to do, and that is no fault: the stage is skipped, those below that need its
    /// outputs use an alias's or are skipped too.
    case notApplicable
  }

  /// What kind of thing is wrong.
  package let kind: Kind
  /// What happened, in a sentence.
  package let message: String
  /// `file:line:column`, or as much of it as is known.
  package let place: String?
  /// How to mend it.
  package let remedy: String?

  /// What a program of somebody else's said last. Shown, never recorded: customers' values may stand in it.
  package let quote: String?

  /// A fault.
  package init(
    _ kind: Kind, _ message: String, place: String? = nil, remedy: String? = nil, quote: String? = nil
  ) {
    self.quote = quote
    self.kind = kind
    self.message = message
    self.place = place
    self.remedy = remedy
  }

  package var description: String {
    let joint = message.hasSuffix(".") ? " " : "; "
    return (place.map { $0 + ": " } ?? "") + message + (remedy.map { joint + $0 } ?? "")
  }
}
