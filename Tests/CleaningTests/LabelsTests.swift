import Clientele
import Findings
import Staging
import Tabular
import Testing

@testable import Cleaning

@Suite struct LabelsTests {
  private func labels(_ column: Column, positive: String? = nil) throws -> [String?] {
    let labels = try Labels(column, target(column.type, positive: positive)).column
    return (0..<column.count).map { Column.integer(labels).display($0) }
  }

  @Test func `1 and the usual spellings mean that the customer left`() throws {
    #expect(try labels(integers([1, 0, nil])) == ["1", "0", nil])
    #expect(try labels(reals([0, 1, nil])) == ["0", "1", nil])
    #expect(try labels(categories(["No", "Yes", nil])) == ["0", "1", nil])
    #expect(try labels(categories(["Existing Customer", "Attrited Customer"])) == ["0", "1"])
    #expect(try labels(texts(["Да", "Нет", nil])) == ["1", "0", nil])
    #expect(try labels(categories(["TRUE", "FALSE"])) == ["1", "0"])
  }

  @Test func `a declared value decides`() throws {
    #expect(try labels(integers([1, 0]), positive: "0") == ["0", "1"])
    #expect(try labels(reals([2, 5]), positive: "5.0") == ["0", "1"])
    #expect(try labels(categories(["stay", "go"]), positive: "go") == ["0", "1"])
  }

  @Test func `an undecidable or misdeclared value is a matter of configuration`() {
    let open = fault { try labels(categories(["stay", "go"])) }
    #expect(open?.kind == .configuration && open?.remedy?.contains("\"positive\"") == true)
    #expect(fault { try labels(integers([1, 2]), positive: "3") }?.kind == .configuration)
    #expect(fault { try labels(integers([2, 3])) }?.kind == .configuration)
  }

  @Test func `a target of one value or of three is refused`() {
    let one = fault { try labels(integers([1, 1, nil])) }
    #expect(one?.kind == .data && one?.message.contains("one and the same value") == true)
    let three = fault { try labels(categories(["a", "b", "c"]), positive: "a") }
    #expect(three?.kind == .data && three?.message.contains("three or more") == true)
  }

  @Test func `an empty or absent target is no fault here`() throws {
    #expect(try labels(integers([nil, nil])) == [nil, nil])
    let run = try CleanRun([("id", texts(["a", "b"]))], [key(), target()])
    #expect(try run.features.shown("label") == [nil, nil])
    #expect(run.quality.notes == ["The file says of no customer whether they left."])
  }
}
