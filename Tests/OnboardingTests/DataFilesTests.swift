import Clientele
import Delimited
import Fingerprints
import FoundationEssentials
import Tabular
import Testing

@testable import Onboarding

/// The bytes of a file of the shared data beside the package; `nil`, with a printed reason, where absent.
private func data(_ path: String, _ test: String = #function) -> [UInt8]? {
  var folder = URL(filePath: #filePath).resolvingSymlinksInPath()
  for _ in 0..<3 { folder.deleteLastPathComponent() }
  for root in [folder, URL(filePath: FileManager.default.currentDirectoryPath)] {
    let file = root.deletingLastPathComponent().appending(path: "shared/data/" + path)
    if let data = try? Data(contentsOf: file) { return Array(data) }
  }
  print("skipped \(test): \(path) is not beside the package")
  return nil
}

func propose(_ bytes: [UInt8], _ request: OnboardingRequest) throws -> Proposal {
  try Proposal(unsafe bytes.span.bytes, request, threads: 2)
}

@Suite struct DataFilesTests {
  private func proposal(_ path: String) throws -> Proposal? {
    try data(path).map { try propose($0, OnboardingRequest(fileName: path, sourcePath: "../" + path)) }
  }

  private func roles(_ proposal: Proposal, _ role: Role) -> [String] {
    proposal.contract.columns.filter { $0.role == role }.map(\.name)
  }

  @Test(arguments: [
    "churn-modelling/Churn_Modelling.csv", "churn-modelling/Churn_Modelling.anannya.csv",
    "churn-modelling/Churn_Modelling.cemayan-extra-row.csv",
    "churn-modelling-negative/Churn_Modelling.cr-only.csv",
  ])
  func `the bank's file is recognised in all its variants`(_ path: String) throws {
    guard let proposal = try proposal(path) else { return }
    #expect(proposal.key == ["CustomerId"] && proposal.target == "Exited")
    #expect(roles(proposal, .ignore) == ["RowNumber", "Surname"])
    let columns = proposal.contract.columns
    #expect(columns.filter { $0.protected == true }.map(\.name) == ["Geography", "Gender", "Age"])
    #expect(columns.first { $0.meaning == .balance }?.name == "Balance")
    #expect(columns.first { $0.meaning == .products }?.name == "NumOfProducts")
    #expect(columns.filter { $0.meaning == .money }.map(\.name) == ["EstimatedSalary"])
    let age = columns.first { $0.name == "Age" }
    #expect(age?.minimum == 0 && age?.maximum == 120)
    #expect(proposal.misfits == 0)
    if path.hasSuffix("Churn_Modelling.csv") {
      #expect(proposal.pipelineText.contains("\"offerCost\": 49,"))
      #expect(proposal.pipelineText.contains("\"contactCost\": 9.7,"))
    }
  }

  @Test func `another spelling of the header is recognised too`() throws {
    guard let proposal = try proposal("churn-modelling/Churn_Modelling.harnalashok.csv") else { return }
    #expect(proposal.key == ["customerId"] && proposal.target == "exited")
    #expect(roles(proposal, .ignore) == ["rowNumber", "surname"])
  }

  @Test func `a balance whose gaps nothing else knows gets no rule`() throws {
    guard let proposal = try proposal("metanprom-reconstructed/bank_dataset.csv") else { return }
    #expect(proposal.key == ["userid"] && proposal.target == "Churn")
    #expect(proposal.contract.columns.allSatisfy { $0.structuralZero == nil })
    #expect(
      proposal.notes.contains { $0.contains("missing for 3,617 customers (36.2 %). Nothing is guessed") })
  }

  @Test func `user numbers that repeat across cities are told apart, and the gaps of the balance explained`()
    throws
  {
    guard let proposal = try proposal("metanprom-scrooge/bank_scrooge.csv") else { return }
    #expect(proposal.key == ["USERID", "city"] && proposal.target == "churn")
    #expect(
      proposal.notes.contains {
        $0.contains("73 values stand in rows that differ") && $0.contains("\"city\"")
      })
    let balance = try #require(proposal.contract.columns.first { $0.name == "balance" })
    #expect(
      balance.structuralZero
        == StructuralZeroRule(enabled: false, when: [Condition(column: "equity", isOneOf: ["0"])]))
    #expect(proposal.notes.contains { $0.contains("balance is missing where equity is 0") })
  }

  @Test func `a telephone company's file is recognised, blanks being missing numbers`() throws {
    guard let proposal = try proposal("telco/WA_Fn-UseC_-Telco-Customer-Churn.csv") else { return }
    #expect(proposal.key == ["customerID"] && proposal.target == "Churn")
    #expect(proposal.contract.target?.positive == "Yes")
    let total = try #require(proposal.contract.columns.first { $0.name == "TotalCharges" })
    #expect(total.type == .real && total.meaning == .money)
    #expect(total.structuralZero?.when == [Condition(column: "tenure", isOneOf: ["0"])])
    #expect(proposal.contract.columns.first { $0.meaning == .monthlyCharge }?.name == "MonthlyCharges")
    #expect(proposal.pipelineText.contains("\"chargeMonths\": 12"))
  }

  @Test func `columns that know the outcome, and constant ones, are left out and said`() throws {
    guard let proposal = try proposal("telco/Telco.sanas.csv") else { return }
    #expect(roles(proposal, .ignore) == ["Customer Churn Counter", "Total counter"])
    #expect(proposal.notes.contains { $0.hasPrefix("\"Customer Churn Counter\": ignored, because its name") })
  }

  @Test func `rows without an identifier are said`() throws {
    guard let proposal = try proposal("telco/customer_churn_missing.csv") else { return }
    #expect(proposal.key == ["customerID"])
    #expect(proposal.notes.contains { $0.contains("704 rows have no \"customerID\" (10.0 %)") })
  }

  @Test func `a file without any identifier is refused with what to do`() throws {
    guard let bytes = data("telco/wa_churn.modeldata.csv") else { return }
    let error = #expect(throws: OnboardingError.self) {
      try propose(bytes, OnboardingRequest(fileName: "wa_churn.csv", sourcePath: "wa_churn.csv"))
    }
    #expect(error?.kind == .noKey && error?.remedy.contains("--id") == true)
  }
}
