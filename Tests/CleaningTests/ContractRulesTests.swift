import Clientele
import Findings
import Staging
import Tabular
import Testing

@testable import Cleaning

@Suite struct ContractRulesTests {
  private let columns: [(String, Column)] = [
    ("id", texts(["a", "b", "c", "d"])), ("left", integers([1, 0, 1, 0])),
    ("age", integers([-3, 40, nil, 999])),
    ("score", reals([1, 2, nil, 11])), ("city", categories(["X", "Q", nil, "Y"])),
  ]

  private func contracts(_ policy: ViolationPolicy?, required: Bool? = nil) -> [ColumnContract] {
    [
      key(), target(),
      ColumnContract(
        name: "age", type: .integer, role: .feature, minimum: 0, maximum: 120, onViolation: policy,
        required: required),
      ColumnContract(
        name: "score", type: .real, role: .feature, minimum: 1.5, maximum: 10, onViolation: policy),
      ColumnContract(
        name: "city", type: .category, role: .feature, allowed: ["X", "Y"], onViolation: policy),
    ]
  }

  @Test func `what a contract does not allow becomes missing and is recorded`() throws {
    let run = try CleanRun(columns, contracts(nil))
    #expect(try run.features.shown("age") == [nil, "40", nil, nil])
    #expect(try run.features.shown("score") == [nil, "2", nil, nil])
    #expect(try run.features.shown("city") == ["X", nil, nil, "Y"])
    #expect(try run.repairs.shown("key") == ["a", "a", "b", "d", "d"])
    #expect(try run.repairs.shown("column") == ["age", "score", "city", "age", "score"])
    #expect(try run.repairs.shown("old") == ["-3", "1", "Q", "999", "11"])
    #expect(try run.repairs.shown("new") == [nil, nil, nil, nil, nil])
    #expect(
      try run.repairs.shown("rule")
        == ["belowMinimum", "belowMinimum", "notAllowed", "aboveMaximum", "aboveMaximum"])
  }

  @Test func `rows are taken out where the contract says so, and recorded`() throws {
    let unlabelled = columns.filter { $0.0 != "left" }
    let run = try CleanRun(unlabelled, contracts(.drop))
    #expect(try run.features.shown("key") == ["c"])
    #expect(run.repairs.rowCount == 5)
    #expect(run.quality.rowsIn == 4 && run.quality.rowsOut == 1)
  }

  @Test func `the run stops where the contract says so`() {
    let fault = fault { try CleanRun(columns, contracts(.stop)) }
    #expect(fault?.kind == .data)
    #expect(fault?.message.contains("in 2 rows (1 belowMinimum, 1 aboveMaximum)") == true)
  }

  @Test func `a required value that is missing is recorded`() throws {
    let run = try CleanRun(columns, contracts(nil, required: true))
    #expect(try run.repairs.shown("rule").contains("requiredMissing"))
    #expect(try run.repairs.shown("key") == ["a", "a", "b", "c", "d", "d"])
    let fault = fault { try CleanRun(columns, contracts(.stop, required: true)) }
    #expect(fault?.message.contains("1 requiredMissing") == true)
  }

  @Test func `nobody left is said, not passed on`() {
    let fault = fault {
      try CleanRun(
        [("id", texts(["a"])), ("age", integers([999]))],
        [key(), ColumnContract(name: "age", type: .integer, role: .feature, maximum: 9, onViolation: .drop)])
    }
    #expect(fault?.kind == .data && fault?.message == "no customer is left after cleaning.")
  }

  @Test func `allowed numbers are compared as numbers`() throws {
    let run = try CleanRun(
      [("id", texts(["a", "b", "c"])), ("n", integers([1, 2, nil])), ("r", reals([1, 3, nil]))],
      [
        key(), ColumnContract(name: "n", type: .integer, role: .feature, allowed: ["1.0"]),
        ColumnContract(name: "r", type: .real, role: .feature, allowed: ["1"]),
      ])
    #expect(try run.features.shown("n") == ["1", nil, nil])
    #expect(try run.features.shown("r") == ["1", nil, nil])
    #expect(try run.repairs.shown("rule") == ["notAllowed", "notAllowed"])
  }
}
