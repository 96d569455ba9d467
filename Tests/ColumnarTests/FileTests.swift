import Columnar
import Foundation
import Tabular
import Testing

private func temporary(_ name: String) -> String {
  FileManager.default.temporaryDirectory.appending(path: "columnar-\(UUID().uuidString)-\(name)").path
}

@Test func `a written file is mapped and read, whole and in part`() throws {
  let path = temporary("table.arrow")
  defer { try? FileManager.default.removeItem(atPath: path) }
  let table = sampleTable(70_000)
  var digested = 0
  let count = try TableEncoder().write(table, toFile: path) { digested += $0.byteCount }
  #expect(digested == count)
  let mapped = try MappedTable(path: path)
  #expect(mapped.byteCount == count)
  #expect(mapped.rowCount == 70_000)
  #expect(mapped.schema == table.schema)
  #expect(try mapped.table() == table)
  #expect(
    try mapped.table(columns: ["city"], rows: 65_000..<66_000).column("city")
      == table.column("city").taking((65_000..<66_000).map(Int32.init)))
}

@Test func `errors name the file`() {
  let absent = temporary("absent.arrow")
  let error = #expect(throws: ColumnarError.self) { try MappedTable(path: absent) }
  #expect(error?.kind == .unreadable)
  #expect(error?.description.hasPrefix(absent) == true)
  let folder = temporary("no-such-folder") + "/table.arrow"
  let refused = #expect(throws: ColumnarError.self) {
    try TableEncoder().write(sampleTable(1), toFile: folder)
  }
  #expect(refused?.kind == .unwritable)
  #expect(refused?.file == folder)
}

@Test func `a file that is no table is called foreign, with its name`() throws {
  let path = temporary("table.csv")
  defer { try? FileManager.default.removeItem(atPath: path) }
  for text in ["", "id,balance\n1,2\n"] {
    try Data(text.utf8).write(to: URL(filePath: path))
    let error = #expect(throws: ColumnarError.self) { try MappedTable(path: path) }
    #expect(error?.kind == .foreign)
    #expect(error?.file == path)
  }
}

@Test func `a full disk is said, and no half file remains`() throws {
  guard FileManager.default.fileExists(atPath: "/dev/full") else {
    print("skipped: this system has no /dev/full")
    return
  }
  // A link, so that the device itself is not removed when the half file is.
  let path = temporary("full.arrow")
  try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/dev/full")
  let error = #expect(throws: ColumnarError.self) { try TableEncoder().write(sampleTable(10), toFile: path) }
  #expect(error?.kind == .unwritable)
  #expect(error?.message.contains("space") == true)
  #expect(!FileManager.default.fileExists(atPath: path))
}
