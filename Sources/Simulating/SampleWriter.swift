/// Writes a file of synthetic customers, and the truth beside it. The same number and seed give the
/// same bytes; memory does not grow with the number.
package struct SampleWriter: Sendable {
  /// How many customers (rows are a few more: some stand twice).
  package let customers: Int
  /// Chooses among the possible files.
  package let seed: UInt64

  /// A writer of `customers` customers.
  package init(customers: Int, seed: UInt64) {
    self.customers = customers
    self.seed = seed
  }

  /// The header of the bank's file.
  package static let header =
    "customerId,surname,score,city,gender,age,tenure,deposit,balance,products,creditCard,activeMember,salary,churned\n"

  /// The header of the truth.
  package static let truthHeader = "customerId,churnProbability,value,effect,balanceState,blemish\n"

  /// Hands over both files in pieces of some 4,096 customers: the bank's file, then the truth's part.
  package func write(_ sink: (_ file: [UInt8], _ truth: [UInt8]) throws -> Void) rethrows {
    try sink(Array(SampleWriter.header.utf8), Array(SampleWriter.truthHeader.utf8))
    var first = 1
    while first <= customers {
      let past = min(customers + 1, first + 4096)
      var file: [UInt8] = []
      var truth: [UInt8] = []
      file.reserveCapacity(90 * (past - first))
      for number in first..<past {
        let customer = SampleCustomer(number: number, seed: seed)
        let start = file.count
        SampleWriter.append(customer, to: &file)
        if customer.blemish == .repeated { file.append(contentsOf: Array(file[start...])) }
        SampleWriter.appendTruth(customer, to: &truth)
      }
      try sink(file, truth)
      first = past
    }
  }

  private static func append(_ customer: SampleCustomer, to bytes: inout [UInt8]) {
    func field(_ text: String) {
      bytes.append(contentsOf: text.utf8)
      bytes.append(UInt8(ascii: ","))
    }
    field(String(customer.customerId))
    field(quoted(customer.surname))
    field(String(customer.score))
    field(customer.city)
    field(customer.isWoman ? "Female" : "Male")
    field(customer.blemish == .impossibleAge ? "212" : String(customer.age))
    field(customer.blemish == .negativeTenure ? "-4" : String(customer.tenure))
    field(customer.hasDeposit ? "Yes" : "No")
    field(customer.balanceState == "value" ? money(customer.balanceCents) : "")
    field(String(customer.products))
    field(customer.hasCard ? "1" : "0")
    field(customer.isActive ? "1" : "0")
    field(money(customer.salaryCents))
    bytes.append(UInt8(ascii: customer.hasLeft ? "1" : "0"))
    bytes.append(0x0A)
  }

  private static func appendTruth(_ customer: SampleCustomer, to bytes: inout [UInt8]) {
    let line =
      "\(customer.customerId),\(customer.churnProbability),\(customer.value),\(customer.effect),\(customer.balanceState),\(customer.blemish?.rawValue ?? "")\n"
    bytes.append(contentsOf: line.utf8)
  }

  private static func money(_ cents: Int) -> String {
    let rest = cents % 100
    return "\(cents / 100).\(rest < 10 ? "0" : "")\(rest)"
  }

  private static func quoted(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") }) else {
      return text
    }
    return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
      + "\""
  }
}
