import Clientele
import Findings
import Fingerprints
import Ingesting
import Staging
import Tabular
import Testing

private let contract = SourceContract(
  dialect: DialectContract(),
  columns: [
    ColumnContract(name: "id", type: .text, role: .key),
    ColumnContract(name: "age", type: .integer, role: .feature),
    ColumnContract(name: "balance", type: .real, role: .feature),
    ColumnContract(name: "left", type: .integer, role: .target),
  ])

private func ingest(
  _ text: String, _ contract: SourceContract = contract, parameters: [String: JSONValue] = [:]
) throws -> (MemoryArtifacts, StageSummary) {
  let artifacts = MemoryArtifacts()
  artifacts.add(source: "customers", SourceBytes(name: "day.csv", bytes: Array(text.utf8)))
  let stage = try IngestStage(
    parameters: ParameterValues(IngestStage.declaration.parameters, given: parameters))
  let summary = try artifacts.run(
    stage, StageContext(seed: 1, threads: 1, contracts: ["customers": contract]))
  return (artifacts, summary)
}

private func intake(_ artifacts: MemoryArtifacts) throws -> IntakeFindings {
  try JSONDecoding.decode(IntakeFindings.self, from: artifacts.document("intake"))
}

@Test func `rows keep their file order and types`() throws {
  let (artifacts, summary) = try ingest("id,age,balance,left\nb,40,1.5,1\na,,,0\n")
  let table = try artifacts.table("customers", columns: nil)
  #expect(try table.texts("id").text(0) == "b")
  #expect(try table.numbers("age")[1].isNaN)
  #expect(summary.rowsIn == 2)
  #expect(summary.rowsOut == 2)
  #expect(summary.checks.filter { !$0.passed }.isEmpty)
}

@Test func `what the contract leaves open is sniffed and said`() throws {
  let (artifacts, _) = try ingest("\u{FEFF}id;age;balance;left;extra\r\n1;40;1,5;1;x\r\n")
  let found = try intake(artifacts)
  #expect(found.delimiter == ";")
  #expect(found.decimal == ",")
  #expect(found.byteOrderMark)
  #expect(found.lineEnds == "CRLF")
  #expect(found.undeclaredColumns == ["extra"])
  #expect(found.hasTarget)
}

@Test func `an absent target is said, an absent feature is refused with the nearest name`() throws {
  let (artifacts, _) = try ingest("id,age,balance\n1,2,3\n")
  let found = try intake(artifacts)
  #expect(!found.hasTarget)
  let fault = #expect(throws: StageFault.self) { try ingest("id,age,balanc,left\n1,2,3,0\n") }
  #expect(fault?.kind == .configuration)
  #expect(fault?.place == "day.csv:1:1")
  #expect(fault?.remedy?.contains("\"balanc\"") == true)
}

@Test func `rejected rows are kept below the threshold and stop the run above it`() throws {
  let good = (0..<40).map { "\($0),40,1,0\n" }.joined()
  let (artifacts, summary) = try ingest("id,age,balance,left\n" + good + "x,forty,1,0\n")
  let rejects = try artifacts.table("rejects", columns: nil)
  #expect(rejects.rowCount == 1)
  #expect(try rejects.integers(RejectColumn.line).values == [42])
  #expect(try rejects.integers(RejectColumn.column).values == [3])
  #expect(try rejects.categories(RejectColumn.rule).text(0) == "wrongType")
  #expect(try rejects.texts(RejectColumn.value).text(0) == "forty")
  #expect(summary.checks.filter { !$0.passed }.isEmpty)
  let (_, stopped) = try ingest(
    "id,age,balance,left\n" + good + "x,forty,1,0\n", parameters: ["maxRejectedShare": 0])
  #expect(stopped.checks.first?.passed == false)
  #expect(stopped.checks.first?.severity == .stop)
  #expect(stopped.checks.first?.message.contains("day.csv:42:3") == true)
  // No customer's value stands in a message.
  #expect(stopped.checks.first?.message.contains("forty") == false)
}

@Test func `a file of nothing but rejected rows stops the run`() throws {
  let (_, summary) = try ingest("id,age,balance,left\n1,x,1,0\n", parameters: ["maxRejectedShare": 1])
  #expect(summary.checks.first?.passed == false)
}

@Test(arguments: [
  "", "id,age,balance,left\n", "id,age,id,left\n1,2,3,4\n", "id,age,balance,left\n1,\"2,3,4\n",
])
func `a file that cannot be read at all is a fault of the data with a place`(text: String) {
  let fault = #expect(throws: StageFault.self) { try ingest(text) }
  #expect(fault?.kind == .data)
  #expect(fault?.place?.hasPrefix("day.csv:") == true)
}

@Test func `an encoding we do not read is refused with those we do`() {
  var other = contract
  other.dialect.encoding = "koi8-r"
  let fault = #expect(throws: StageFault.self) { try ingest("id,age,balance,left\n1,2,3,0\n", other) }
  #expect(fault?.kind == .configuration)
  #expect(fault?.remedy?.contains("windows-1251") == true)
}
