import Foundation
import Testing

@testable import Statistics

/// A bank's table of 10,000 customers that lies beside the project where it is developed, and reference values for it.
private struct ScroogeTable {
  private var columns: [String: [String]] = [:]
  let left: [Bool]

  init?() {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "../shared/data/metanprom-scrooge/bank_scrooge.csv")
      .standardized
    guard let text = try? String(contentsOf: file, encoding: .utf8) else { return nil }
    let lines = text.split(whereSeparator: \.isNewline).map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    guard let header = lines.first else { return nil }
    for (place, name) in header.enumerated() {
      columns[String(name)] = lines.dropFirst().map { String($0[place]) }
    }
    left = (columns["churn"] ?? []).map { $0 == "1" }
  }

  static var isThere: Bool {
    let found = ScroogeTable() != nil
    if !found { print("skipped: ../shared/data/metanprom-scrooge is not beside the project") }
    return found
  }

  func texts(_ name: String) -> [String] { columns[name] ?? [] }

  /// The numbers of those who left and of those who stayed, missing ones left out.
  func numbers(_ name: String) -> (left: [Double], stayed: [Double]) {
    let values = texts(name).map { Double($0) }
    return (
      zip(values, left).compactMap { $1 ? $0 : nil }, zip(values, left).compactMap { $1 ? nil : $0 }
    )
  }

  /// Stayed and left by each text of a column.
  func counts(_ name: String, without omitted: String? = nil) -> [[Double]] {
    var counts: [String: [Double]] = [:]
    for (text, hasLeft) in zip(texts(name), left) where text != omitted {
      counts[text, default: [0, 0]][hasLeft ? 1 : 0] += 1
    }
    return counts.sorted { $0.key < $1.key }.map(\.value)
  }
}

@Suite(.enabled(if: ScroogeTable.isThere))
struct ScroogeReferenceTests {
  @Test(arguments: [
    ("city", 9.792360676, 0.0074750809, 9.978697314, 0.031293),
    ("gender", 198.911959303, 3.608027945e-45, 201.486908018, 0.141036),
    // χ² by exact fractions; customers without a product are left out.
    ("products", 1012.8510246247475, 5.855538038640384e-218, 892.256802780, 0.318269),
  ])
  func `association with leaving`(column: String, chi: Double, p: Double, ratio: Double, v: Double) throws {
    let table = ContingencyTable(
      try #require(ScroogeTable()).counts(column, without: column == "products" ? "0" : nil))
    #expect((table.chiSquare - chi).magnitude < 1e-8)
    #expect((table.likelihoodRatio - ratio).magnitude < 1e-8)
    #expect((table.cramerV - v).magnitude < 5e-7)
    #expect(table.correctedV < table.cramerV)
    #expect((table.pValue / p - 1).magnitude < 1e-7)
    if column == "products" { #expect((table.smallestExpected - 3.46).magnitude < 5e-3) }
  }

  @Test func `age: significant and small`() throws {
    let age = try #require(ScroogeTable()).numbers("age")
    let test = try #require(WelchTest(age.left, age.stayed))
    #expect((test.t - -5.311087914).magnitude < 1e-8)
    #expect((test.degrees - 2899.931868464).magnitude < 1e-6)
    #expect((test.pValue / 1.1722e-7 - 1).magnitude < 1e-4)
    #expect((test.interval.lowerBound - -2.150).magnitude < 1e-3)
    #expect((test.interval.upperBound - -0.991).magnitude < 1e-3)
    #expect((test.hedgesG - -0.12909).magnitude < 1e-5)
    let ranks = try #require(MannWhitneyTest(age.left, age.stayed))
    #expect((ranks.probabilityOfSuperiority - 0.465703).magnitude < 1e-6)
  }

  @Test func `salary: tests of mean, rank and spread disagree`() throws {
    let salary = try #require(ScroogeTable()).numbers("EST_SALARY")
    let welch = try #require(WelchTest(salary.left, salary.stayed))
    #expect((welch.t - 0.139954254).magnitude < 1e-8 && (welch.pValue - 0.888705482).magnitude < 1e-8)
    let ranks = try #require(MannWhitneyTest(salary.left, salary.stayed))
    #expect((ranks.pValue - 0.000243559).magnitude < 1e-9)
    let median = try #require(SpreadTest([salary.left, salary.stayed]))
    #expect((median.f - 6.725039329).magnitude < 1e-8 && (median.pValue - 0.009520716).magnitude < 1e-8)
    let mean = try #require(SpreadTest([salary.left, salary.stayed], from: .mean))
    #expect((mean.f - 10.257177).magnitude < 1e-6)
  }
}
