/// Why the list could not be made.
package enum RankError: Error, Sendable, Equatable, CustomStringConvertible {
  /// V should come from a column no feature is declared to be.
  case noSuchMoney(String)
  /// Two inputs do not hold the same customers in the same order.
  case differentCustomers(String)

  package var description: String {
    switch self {
    case .noSuchMoney(let source):
      "rank.valueSource is \"\(source)\", but no column of the source has that meaning; set \"meaning\": \"\(source)\" on one, or rank.valueSource to \"equal\""
    case .differentCustomers(let input):
      "\(input) does not hold the customers of features in the same order; run the stage that makes it again"
    }
  }
}
