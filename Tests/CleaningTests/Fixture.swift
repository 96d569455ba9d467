import Clientele
import Findings
import Fingerprints
import Staging
import Tabular

@testable import Cleaning

/// A run of the stage over a small table, and what came out.
struct CleanRun {
  var summary: StageSummary
  var features: Table
  var repairs: Table
  var quality: QualityFindings

  init(
    _ columns: [(String, Column)], _ contracts: [ColumnContract], parameters: [String: JSONValue] = [:],
    threads: Int = 1
  ) throws {
    let artifacts = MemoryArtifacts()
    try artifacts.table("customers", Table(columns))
    let stage = try CleanStage(
      parameters: ParameterValues(CleanStage.declaration.parameters, given: parameters))
    let contract = SourceContract(dialect: DialectContract(), columns: contracts)
    summary = try artifacts.run(
      stage, StageContext(seed: 1, threads: threads, contracts: ["customers": contract]))
    features = try artifacts.table("features", columns: nil)
    repairs = try artifacts.table("repairs", columns: nil)
    quality = try JSONDecoding.decode(QualityFindings.self, from: artifacts.document("quality"))
  }
}

func integers(_ values: [Int64?]) -> Column {
  var validity = Validity()
  for value in values { validity.append(value != nil) }
  return .integer(IntegerColumn(values.map { $0 ?? 0 }, validity: validity))
}

func reals(_ values: [Double?]) -> Column { .real(RealColumn(values.map { $0 ?? .nan })) }

func texts(_ values: [String?]) -> Column { .text(TextColumn(values)) }

func categories(_ values: [String?]) -> Column {
  var dictionary: [String] = []
  let codes = values.map { value -> Int32 in
    guard let value else { return -1 }
    if let place = dictionary.firstIndex(of: value) { return Int32(place) }
    dictionary.append(value)
    return Int32(dictionary.count - 1)
  }
  return .category(CategoryColumn(codes: codes, dictionary: dictionary))
}

func key(_ name: String = "id", _ type: ColumnType = .text) -> ColumnContract {
  ColumnContract(name: name, type: type, role: .key)
}

func feature(_ name: String, _ type: ColumnType, meaning: Meaning? = nil) -> ColumnContract {
  ColumnContract(name: name, type: type, role: .feature, meaning: meaning)
}

func target(_ type: ColumnType = .integer, positive: String? = nil) -> ColumnContract {
  ColumnContract(name: "left", type: type, role: .target, positive: positive)
}

/// The fault that `body` throws.
func fault(_ body: () throws -> some Any) -> StageFault? {
  do {
    _ = try body()
    return nil
  } catch let fault as StageFault {
    return fault
  } catch {
    return nil
  }
}

extension Table {
  /// The values of a column as they display.
  func shown(_ name: String) throws -> [String?] {
    let column = try column(name)
    return (0..<rowCount).map { column.display($0) }
  }
}
