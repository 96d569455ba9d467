import Tabular
import Testing

@testable import Delimited

private let requests = [
  ColumnRequest(name: "id", type: .text, isKey: true), ColumnRequest(name: "city", type: .category),
  ColumnRequest(name: "age", type: .integer), ColumnRequest(name: "balance", type: .real),
]

/// Rows of which every seventh, eleventh and thirteenth has a fault, and the rows that have none.
private func faulty(_ rows: Int) -> (text: String, taken: [Int], faults: [(line: Int, rule: String)]) {
  var text = "id,city,age,balance\n"
  var taken: [Int] = []
  var faults: [(line: Int, rule: String)] = []
  for row in 0..<rows {
    let rule: String? =
      row % 7 == 3 ? "wrongType" : row % 11 == 5 ? "ragged" : row % 13 == 6 ? "missingKey" : nil
    switch rule {
    case "wrongType": text += "k\(row),lost \(row),old,1\n"
    case "ragged": text += "k\(row),lost \(row)\n"
    case "missingKey": text += ",lost \(row),1,1\n"
    default:
      text +=
        "k\(row),town \(row % 50),\(row % 5 == 0 ? "" : String(row)),\(row % 3 == 0 ? "NA" : "\(row).5")\n"
    }
    if let rule { faults.append((row + 2, rule)) } else { taken.append(row) }
  }
  return (text, taken, faults)
}

@Test(arguments: [1, 1000, 1023, 1024, 1025, 5000])
func `rows with faults leave no trace among the rows taken`(rows: Int) throws {
  let (text, taken, faults) = faulty(rows)
  let bytes = Array(text.utf8)
  let contents = try DelimitedReader(dialect: Dialect(missing: ["NA"]), requests: requests)
    .read(unsafe bytes.span.bytes, file: "f.csv")
  #expect(contents.rejects.map(\.line) == faults.map(\.line))
  #expect(contents.rejects.map(\.rule) == faults.map(\.rule))
  let table = contents.table
  #expect(table.rowCount == taken.count)
  for (place, row) in taken.enumerated() {
    #expect(
      table.columns.map { $0.display(place) } == [
        "k\(row)", "town \(row % 50)", row % 5 == 0 ? nil : String(row), row % 3 == 0 ? nil : "\(row).5",
      ])
  }
  // A rejected row's text is no category.
  #expect(try table.categories("city").dictionary.allSatisfy { $0.hasPrefix("town") })
}

@Test func `the first column at fault in the order asked for is named`() throws {
  let bytes = Array("balance,age,city,id\nx,y,a,1\n".utf8)
  let contents = try DelimitedReader(dialect: Dialect(), requests: requests)
    .read(unsafe bytes.span.bytes, file: "f.csv")
  #expect(contents.rejects.map(\.columnName) == ["age"])
}

@Test func `a code with an E among its digits is no number in scientific notation`() throws {
  let bytes = Array("id\n7E12\n12e5\n1.5E5\n1E+05\n-2e-3\nE5\n".utf8)
  let key = [ColumnRequest(name: "id", type: .text, isKey: true)]
  let contents = try DelimitedReader(dialect: Dialect(), requests: key).read(
    unsafe bytes.span.bytes, file: "f.csv")
  #expect(contents.rejects.map(\.value) == ["1.5E5", "1E+05", "-2e-3"])
  #expect(contents.rejects.allSatisfy { $0.rule == "scientificKey" })
  #expect(contents.table.rowCount == 3)
}

@Test func `digits too many for 64 bits are profiled as text, so that nothing rounds them`() throws {
  let rows = (0..<100).map { "1234567890123456789012\($0)" }.joined(separator: "\n")
  let bytes = Array(("id\n" + rows + "\n").utf8)
  let profile = try FileProfile(unsafe bytes.span.bytes, dialect: Dialect(), file: "f.csv")
  #expect(profile.columns[0].type == .text)
  let fitting = Array("id\n1234567890123456789\n".utf8)
  let whole = try FileProfile(unsafe fitting.span.bytes, dialect: Dialect(), file: "f.csv")
  #expect(whole.columns[0].type == .integer)
}

@Test func `categories longer than eight bytes and alike in them are told apart`() throws {
  let texts = ["aaaaaaaa", "aaaaaaaab", "aaaaaaaac", "aaaaaaaa ", "aaaaaaa", "aaaaaaaabb"]
  let rows = (0..<1200).map { "\($0),\(texts[$0 % 6])" }.joined(separator: "\n")
  let bytes = Array(("id,city\n" + rows).utf8)
  let city = try DelimitedReader(dialect: Dialect(), requests: Array(requests.prefix(2)))
    .read(unsafe bytes.span.bytes, file: "f.csv").table.categories("city")
  #expect(city.dictionary == texts)
  for row in 0..<1200 { #expect(city.text(row) == texts[row % 6]) }
}

@Test func `bytes of any kind give rows and rejects that add up, or an error`() throws {
  let sample = Array((faulty(40).text + "\"a \"\"quoted\"\"\r\nkey\",\"Ярославль\",1e3,-2.5\r\nx,y\r").utf8)
  var state: UInt64 = 3
  func draw(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(bound))
  }
  let telling = Array("\",;\t|\r\n\u{0}\u{FEFF}-.eE09".utf8) + [0xFF, 0xC0, 0xE2]
  var read = 0
  for _ in 0..<5000 {
    var bytes = sample
    for _ in 0..<(1 + draw(6)) {
      let place = 21 + draw(bytes.count - 21)
      if draw(3) == 0 { bytes.remove(at: place) } else { bytes[place] = telling[draw(telling.count)] }
    }
    let raw = unsafe bytes.span.bytes
    _ = SniffedDialect(raw)
    _ = try? FileProfile(raw, dialect: Dialect(), file: "f.csv")
    do throws(DelimitedError) {
      let contents = try DelimitedReader(dialect: Dialect(missing: ["NA"]), requests: requests).read(
        raw, file: "f.csv")
      #expect(contents.rowsRead == contents.table.rowCount + contents.rejects.count)
      read += 1
    } catch { #expect(error.kind == .unbalancedQuote) }
  }
  #expect(read > 1000)
}

@Test func `more text than a column can hold is refused by the column's name`() throws {
  let bytes = Array("id,city\nabcd,x\nefgh,y\n".utf8)
  let key = [ColumnRequest(name: "id", type: .text, isKey: true)]
  var reader = DelimitedReader(dialect: Dialect(), requests: key)
  reader.mostTextBytes = 8
  #expect(try reader.read(unsafe bytes.span.bytes, file: "f.csv").table.rowCount == 2)
  reader.mostTextBytes = 7
  let error = #expect(throws: DelimitedError.self) { try reader.read(unsafe bytes.span.bytes, file: "f.csv") }
  #expect(error?.kind == .tooMuchText)
  #expect(error?.message.contains("\"id\"") == true)
}
