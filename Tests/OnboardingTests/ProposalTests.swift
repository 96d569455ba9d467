import Clientele
import Fingerprints
import Tabular
import Testing

@testable import Onboarding

private func propose(
  _ text: String, key: [String] = [], target: String? = nil, dialect: DialectContract = DialectContract()
) throws -> Proposal {
  try OnboardingTests.propose(
    Array(text.utf8),
    OnboardingRequest(
      fileName: "bank.csv", sourcePath: "bank.csv", key: key, target: target, dialect: dialect))
}

/// A file of `rows` rows: an id, then what `more` makes of the row's number.
private func file(_ header: String, _ rows: Int = 200, _ more: (Int) -> String) -> String {
  header + "\n" + (0..<rows).map { "c\(1000 + $0 * 7)," + more($0) }.joined(separator: "\n") + "\n"
}

private func error(_ body: () throws -> some Any) -> OnboardingError? {
  do {
    _ = try body()
    return nil
  } catch { return error as? OnboardingError }
}

@Suite struct ProposalTests {
  @Test func `pipeline.json is strict JSON with every column on one line, and reads back as the contract`()
    throws
  {
    let proposal = try propose(
      file("id,city,balance,churn") { "\($0 % 3 == 0 ? "Ö\"x" : "B"),\($0 * 10),\($0 % 4 / 3)" })
    let json = try JSONParser.parse(Array(proposal.pipelineText.utf8))
    let source = try #require(json["sources"]?["customers"])
    let columns = try JSONDecoding.decode([ColumnContract].self, from: source["columns"] ?? .null)
    #expect(columns == proposal.contract.columns)
    #expect(
      try JSONDecoding.decode(DialectContract.self, from: source["dialect"] ?? .null)
        == proposal.contract.dialect)
    #expect(json["schema"]?.text == "holdfast.pipeline/v1")
    #expect(json["profiles"]?["nightly"]?["champion"]?.elements?.count == 7)
    #expect(json["profiles"]?["nightly"]?["stages"]?.elements?.contains("train") == false)
    #expect(json["parameters"]?["rank"]?["saveRate"]?.double == 0.25)
    #expect(json["parameters"]?["rank"]?["comment"]?.text?.hasPrefix("Assumptions, not measurements") == true)
    let lines = proposal.pipelineText.split(separator: "\n").filter { $0.contains("\"role\"") }
    #expect(lines.count == 4)
    #expect(
      proposal.pipelineText
        == (try propose(
          file("id,city,balance,churn") { "\($0 % 3 == 0 ? "Ö\"x" : "B"),\($0 * 10),\($0 % 4 / 3)" }))
        .pipelineText)
  }

  @Test func `empty files, lone headers and unbalanced quotes are refused with place and remedy`() {
    #expect(error { try propose("") }?.kind == .unreadable)
    #expect(error { try propose("id,churn\n") }?.message.contains("a header and no row") == true)
    #expect(error { try propose("id,id\n1,2\n") }?.message.contains("stands twice") == true)
    #expect(error { try propose("id,churn\n\"1,0\n") }?.message.contains("never closed") == true)
    #expect(error { try propose("id,churn\n1\n2\n") }?.kind == .unreadable)
  }

  @Test func `a file that is not UTF-8 is refused until its encoding is declared`() throws {
    // id,город,отток in CP1251 with the values А and Б.
    var bytes: [UInt8] = Array("id,".utf8) + [0xE3, 0xEE, 0xF0, 0xEE, 0xE4] + Array(",".utf8)
    bytes += [0xEE, 0xF2, 0xF2, 0xEE, 0xEA, 0x0A]
    for row in 0..<100 {
      bytes += Array("\(row + 5000),".utf8) + [row % 2 == 0 ? 0xC0 : 0xC1] + Array(",\(row % 5 / 4)\n".utf8)
    }
    var request = OnboardingRequest(fileName: "bank.csv", sourcePath: "bank.csv")
    #expect(error { try OnboardingTests.propose(bytes, request) }?.kind == .encoding)
    request.dialect.encoding = "windows-1251"
    let proposal = try OnboardingTests.propose(bytes, request)
    #expect(proposal.key == ["id"] && proposal.target == "отток")
    #expect(proposal.contract.columns[1].name == "город" && proposal.contract.columns[1].protected == true)
    #expect(proposal.pipelineText.contains("\"encoding\": \"windows-1251\""))
  }

  @Test func `semicolons and decimal commas are seen and written down`() throws {
    let text =
      "id;баланс;отток\r\n"
      + (0..<120).map { "k\($0);\($0 * 3),\($0 % 10)5;\($0 % 3 == 0 ? "да" : "нет")" }.joined(
        separator: "\r\n")
    let proposal = try propose(text)
    #expect(proposal.contract.dialect.delimiter == ";" && proposal.contract.dialect.decimal == ",")
    let balance = try #require(proposal.contract.columns.first { $0.name == "баланс" })
    #expect(balance.type == .real && balance.meaning == .balance)
    #expect(proposal.contract.target?.positive == "да")
    #expect(proposal.notes.contains { $0.contains("decimal comma") })
  }

  @Test func `thirty rows and a column of nothing are no obstacle`() throws {
    let proposal = try propose(file("id,empty,balance,churn", 30) { ",\($0 * 5),\($0 % 2)" })
    #expect(proposal.contract.columns[1].role == .ignore)
    #expect(proposal.notes.contains { $0.hasPrefix("\"empty\": ignored, because it holds nothing") })
    #expect(proposal.notes.contains { $0.contains("only 30 rows") })
  }

  @Test func `three thousand columns are proposed for in seconds`() throws {
    let names = (0..<3000).map { "f\($0)" }.joined(separator: ",")
    let text = file("id," + names + ",churn", 300) { row in
      (0..<3000).map { ($0 + row) % 11 == 0 ? "" : String(($0 * 31 + row * 17) % 97) }.joined(separator: ",")
        + ",\(row % 3 / 2)"
    }
    let clock = ContinuousClock()
    let start = clock.now
    let proposal = try propose(text)
    #expect(proposal.contract.columns.count == 3002)
    #expect(clock.now - start < .seconds(10))
  }

  @Test func `without a target the project only scores, and says so`() throws {
    let proposal = try propose(file("id,balance") { "\($0)" })
    #expect(proposal.target == nil)
    #expect(proposal.notes.contains { $0.contains("No column says who left") && $0.contains("--target") })
  }

  @Test func `a nameless two-valued last column is taken with a warning, a protected one never`() throws {
    let taken = try propose(file("id,balance,flag2") { "\($0),\($0 % 2)" })
    #expect(taken.target == "flag2" && taken.notes.first?.hasPrefix("UNSURE") == true)
    #expect(try propose(file("id,balance,female") { "\($0),\($0 % 2)" }).target == nil)
  }

  @Test func `the rarer of two unknown values is taken to mean leaving, with a warning`() throws {
    let proposal = try propose(file("id,balance,churn") { "\($0),\($0 % 5 == 0 ? "zwei" : "eins")" })
    #expect(proposal.contract.target?.positive == "zwei")
    #expect(proposal.notes.first?.contains("UNSURE: \"zwei\"") == true)
  }

  @Test func `a target named by the user must be there and two-valued`() {
    let text = file("id,city,churn") { "\($0 % 3),\($0 % 2)" }
    #expect(error { try propose(text, target: "churm") }?.remedy == "did you mean \"churn\"?")
    #expect(error { try propose(text, target: "city") }?.kind == .badTarget)
    #expect(error { try propose(text, key: ["idd"]) }?.kind == .noSuchColumn)
  }

  @Test func `three values are no target, whatever the name`() throws {
    let proposal = try propose(file("id,churn,exited") { "\($0 % 3),\($0 % 2)" })
    #expect(proposal.target == "exited")
    #expect(
      proposal.notes.contains { $0.contains("\"churn\" is named like a target but does not hold two values") }
    )
    #expect(proposal.contract.columns[1].role == .ignore)
  }

  @Test func `a key that repeats takes in the fewest columns, or is refused`() throws {
    let rows = (0..<100).flatMap { ["\($0),north,\($0),0", "\($0),south,\($0),1"] }
    let proposal = try propose("userid,branch,balance,churn\n" + rows.joined(separator: "\n"))
    #expect(proposal.key == ["userid", "branch"])
    #expect(proposal.contract.columns[0].type == .category || proposal.contract.columns[0].type == .text)
    let same = (0..<100).flatMap { ["\($0),north,\($0),0", "\($0),north,\($0),1"] }
    let refused = error { try propose("userid,branch,balance,churn\n" + same.joined(separator: "\n")) }
    #expect(
      refused?.kind == .noKey && refused?.message.contains("100 values stand in rows that differ") == true)
  }

  @Test func `rows that repeat whole are no obstacle to a key`() throws {
    let rows = (0..<100).map { "\($0),a\($0 % 7),\($0 % 2)" }
    let proposal = try propose(
      "n,id,city,churn\n"
        + (rows + [rows[3]]).enumerated().map { "\($0.offset),\($0.element)" }.joined(separator: "\n"))
    #expect(proposal.key == ["id"])
    #expect(proposal.contract.columns[0].role == .ignore)
    #expect(proposal.notes.contains { $0.contains("1 row repeats an earlier row") })
  }

  @Test func `without an identifier a unique code is taken, else the row's number, each with a warning`()
    throws
  {
    let code = try propose(
      "code,balance,churn\n" + (0..<60).map { "x\($0 * 3),\($0),\($0 % 2)" }.joined(separator: "\n"))
    #expect(code.key == ["code"] && code.notes.first?.contains("no value of it repeats") == true)
    let number = try propose(
      "RowNumber,balance,churn\n" + (1...60).map { "\($0),\($0 % 9).5,\($0 % 2)" }.joined(separator: "\n"))
    #expect(number.key == ["RowNumber"] && number.notes.first?.contains("numbers the rows") == true)
    #expect(
      error { try propose("city,churn\n" + (0..<60).map { "c\($0 % 3),\($0 % 2)" }.joined(separator: "\n")) }?
        .kind == .noKey)
  }

  @Test func `a column that tells the outcome by itself is left out`() throws {
    let proposal = try propose(
      file("id,balance,zscore,closing,churn", 400) { row in
        let left = row % 3 == 0
        return "\(row % 50),\(left ? 100 + row : row % 90),\(left ? "7" : ""),\(left ? 1 : 0)"
      })
    #expect(proposal.contract.columns.filter { $0.role == .ignore }.map(\.name) == ["zscore", "closing"])
    #expect(proposal.notes.contains { $0.contains("AUC 1.000") })
  }

  @Test func `ages beyond belief are said`() throws {
    let proposal = try propose(file("id,age,churn") { "\($0 == 7 ? 999 : 20 + $0 % 60),\($0 % 2)" })
    #expect(proposal.notes.contains { $0.contains("\"age\" goes from 20 to 999") })
  }

  @Test func `equal value for all is said where there is no money`() throws {
    let proposal = try propose(file("id,age,churn") { "\(20 + $0 % 60),\($0 % 2)" })
    #expect(proposal.pipelineText.contains("\"valueSource\": \"equal\""))
    #expect(proposal.notes.contains { $0.contains("neither a balance nor a monthly charge") })
  }

  @Test func `names are taken apart alike however they are spelled`() {
    for name in ["EstimatedSalary", "estimated_salary", "Estimated Salary", "ESTIMATED-SALARY"] {
      #expect(ColumnName(name).words == ["estimated", "salary"])
    }
    #expect(ColumnName("customerID").isIdentifier && ColumnName("USERID").isIdentifier)
    #expect(
      ColumnName("user_id").isIdentifier && !ColumnName("paid").isIdentifier
        && !ColumnName("valid").isIdentifier)
    #expect(ColumnName("Unnamed: 0").plain == "unnamed0")
  }

  @Test func `money is rounded to two digits`() {
    #expect(MoneyProposal.twoDigits(48.6) == 49 && MoneyProposal.twoDigits(9.7198) == 9.7)
    #expect(MoneyProposal.twoDigits(123_456) == 120_000 && MoneyProposal.twoDigits(0.012_345) == 0.012)
    #expect(MoneyProposal.twoDigits(0) == 0)
    #expect(MoneyProposal.median([.nan, 0, 100], 1) == 100 && MoneyProposal.median([.nan], 1) == nil)
  }

  @Test func `a pipeline's name can stand in a path`() {
    #expect(Proposal.pipelineName("data/Churn Modelling (2).csv") == "churn-modelling-2")
    #expect(
      Proposal.pipelineName("2024.csv") == "customers" && Proposal.pipelineName("Банк.csv") == "customers")
  }
}
