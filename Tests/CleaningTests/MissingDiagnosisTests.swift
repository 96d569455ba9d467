import Clientele
import Findings
import Fingerprints
import Staging
import Tabular
import Testing

@testable import Cleaning

@Suite struct MissingDiagnosisTests {
  /// A bank where balances are missing for all without equity and for one in fifty others.
  private func bank(_ rows: Int, rule: StructuralZeroRule? = nil, threads: Int = 1) throws -> CleanRun {
    let numbers = (0..<rows).map {
      Int64(bitPattern: stableHash(String($0).utf8, seed: 1)) >> 1 & 0xFFFF_FFFF
    }
    let equity = numbers.map { $0 % 4 }
    let isMissing = numbers.map { $0 % 4 == 0 || ($0 / 4) % 50 == 0 }
    let columns: [(String, Column)] = [
      ("id", texts((0..<rows).map { "k\($0)" })),
      ("left", integers(numbers.map { ($0 / 200) % 5 == 0 ? 1 : 0 })),
      ("equity", integers(equity)),
      ("city", categories(numbers.map { ["A", "B", "C"][Int($0 / 1000 % 3)] })),
      ("balance", reals(zip(numbers, isMissing).map { $1 ? nil : Double($0 % 100_000) / 7 })),
      ("pay", reals(numbers.map { Double($0 % 77_777) / 3 })),
    ]
    return try CleanRun(
      columns,
      [
        key(), target(), feature("equity", .integer), feature("city", .category),
        ColumnContract(name: "balance", type: .real, role: .feature, meaning: .balance, structuralZero: rule),
        feature("pay", .real, meaning: .money),
      ], threads: threads)
  }

  @Test func `gaps that another column knows are explained by a rule, switched off and ready to paste`()
    throws
  {
    let finding = try #require(bank(4000).quality.missing.first)
    #expect(finding.column == "balance" && finding.isMoney && finding.structuralZero == 0)
    #expect((finding.predictability ?? 0) > 0.95)
    #expect(
      finding.proposedRule
        == #"{"structuralZero":{"enabled":false,"when":[{"column":"equity","isOneOf":["0"]}]}}"#)
    #expect(
      finding.proposedRuleInWords?.hasPrefix("balance is missing where equity is 0: this holds for") == true)
    let strongest = try #require(finding.byGroup.first)
    #expect(strongest.column == "equity" && strongest.cramersV > 0.9 && strongest.degreesOfFreedom == 3)
    #expect(strongest.groups.first.map { $0.value == "0" && $0.missing == $0.rows } == true)
    #expect(finding.sentence.contains("switch the proposed rule on"))
    let lacking = try #require(finding.churnWhereMissing)
    let having = try #require(finding.churnWherePresent)
    #expect(lacking.rows == finding.unknown && lacking.rows + having.rows == 4000)
    #expect(lacking.lower < Double(lacking.events) / Double(lacking.rows))
  }

  @Test func `a rule in force is not proposed again`() throws {
    let rule = StructuralZeroRule(enabled: true, when: [Condition(column: "equity", isOneOf: ["0"])])
    let finding = try #require(bank(4000, rule: rule).quality.missing.first)
    #expect(finding.structuralZero > 900 && finding.unknown > 0 && finding.proposedRule == nil)
    #expect(finding.sentence.contains("are zeros by the declared rule"))
  }

  @Test func `gaps by chance are called so`() throws {
    let rows = 3000
    let numbers = (0..<rows).map {
      Int64(bitPattern: stableHash(String($0).utf8, seed: 2)) >> 1 & 0xFFFF_FFFF
    }
    let run = try CleanRun(
      [
        ("id", texts((0..<rows).map { "k\($0)" })),
        ("age", integers(numbers.map { $0 % 9 == 0 ? nil : $0 / 9 % 60 })),
        ("pay", reals(numbers.map { Double($0 / 1000 % 997) })),
      ], [key(), feature("age", .integer), feature("pay", .real)])
    let finding = try #require(run.quality.missing.first)
    #expect(finding.proposedRule == nil && abs((finding.predictability ?? 0) - 0.5) < 0.08)
    #expect(finding.churnWhereMissing == nil)
    #expect(finding.sentence.contains("hardly tell"))
  }

  @Test func `the diagnosis is the same on any number of threads`() throws {
    #expect(try bank(3000, threads: 1).quality == bank(3000, threads: 3).quality)
  }

  @Test func `columns with nothing at all are counted and told, not tried`() throws {
    let run = try CleanRun(
      [("id", texts(["a", "b"])), ("empty", reals([nil, nil])), ("few", reals([1, nil]))],
      [key(), feature("empty", .real), feature("few", .real)])
    #expect(run.quality.missing.map(\.unknown) == [2, 1])
    #expect(run.quality.missing.allSatisfy { $0.predictability == nil && !$0.sentence.isEmpty })
  }

  @Test func `very many columns are diagnosed in part, and that is said`() throws {
    let columns: [(String, Column)] = (0..<60).map { place in
      let values: [Int64?] = (0..<40).map { row in (row + place) % 5 == 0 ? nil : Int64(row % 3) }
      return ("c\(place)", integers(values))
    }
    let run = try CleanRun(
      [("id", texts((0..<40).map { "k\($0)" }))] + columns,
      [key()] + columns.map { feature($0.0, .integer) })
    #expect(run.quality.missing.count == 60)
    #expect(
      run.quality.notes.contains {
        $0.hasPrefix("60 columns have missing values; the first 40 are diagnosed")
      })
  }

  @Test func `dependence is Pearson's, as in the reference`() throws {
    // Missing × churn of the Metanprom bank: scipy.stats.chi2_contingency(correction=False).
    let counts = [(0, false, 5898), (1, false, 1807), (0, true, 2282), (1, true, 13)]
    var codes: [Int32] = []
    var isMissing: [Bool] = []
    for (code, missing, rows) in counts {
      codes += [Int32](repeating: Int32(code), count: rows)
      isMissing += [Bool](repeating: missing, count: rows)
    }
    let finding = try #require(
      Dependence.finding(.init(name: "churn", codes: codes, values: ["0", "1"]), isMissing))
    #expect(abs(finding.chiSquared - 622.1067612) < 1e-6)
    #expect(abs(finding.cramersV - (622.1067612 / 10_000).squareRoot()) < 1e-9)
    #expect(finding.degreesOfFreedom == 1 && finding.pValue < 1e-130 && finding.pValue > 0)
  }

  @Test func `p-values are corrected for every test that was made, not for those shown`() throws {
    let finding = try #require(bank(4000).quality.missing.first)
    // Of equity, city, pay (too many values) and nothing else: the raw p times the number of tests, in order.
    let raw = finding.byGroup.map(\.pValue)
    let adjusted = finding.byGroup.compactMap(\.adjustedP)
    #expect(adjusted.count == raw.count && zip(raw, adjusted).allSatisfy { $0 <= $1 && $1 <= 1 })
    let many = (0..<9).map { place in
      QualityFindings.GroupFinding(
        column: "c\(place)", chiSquared: 1, degreesOfFreedom: 1, pValue: 0.01, cramersV: 0.1, groups: [])
    }
    var one = finding
    one.byGroup = many
    let corrected = Dependence.corrected([one, one])
    #expect(corrected.allSatisfy { $0.byGroup.count == 6 })
    #expect(corrected.flatMap(\.byGroup).allSatisfy { abs(($0.adjustedP ?? 0) - 0.18) < 1e-12 })
  }

  @Test func `a sample by key takes the same customers whatever else the file holds`() {
    let many = TextColumn((0..<50_000).map { "k\($0)" })
    let sample = keyedSample(of: many, most: 1000)
    #expect(sample.count == 1000)
    let chosen = Set(sample.map { many.text(Int($0)) ?? "" })
    // Half the customers: those of the sample among them are in theirs.
    let half = TextColumn((0..<25_000).map { "k\($0)" })
    let other = Set(keyedSample(of: half, most: 1000).map { half.text(Int($0)) ?? "" })
    #expect(chosen.filter { Int($0.dropFirst()) ?? .max < 25_000 }.isSubset(of: other))
    #expect(keyedSample(of: TextColumn(["a", "b"]), most: 5) == [0, 1])
  }
}
