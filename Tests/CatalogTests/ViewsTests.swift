import GRDB
import Testing

@testable import Catalog

@Test(arguments: ["runs", "stage_runs", "versions", "lineage", "collections", "holds"])
func `every column of a view is explained where it is declared`(view: String) throws {
  let temporary = TemporaryFolder()
  let (store, _) = try openCatalog(temporary)
  let (columns, text) = try store.read { db in
    (
      try db.columns(in: view).map(\.name),
      try String.fetchOne(db, sql: "SELECT sql FROM sqlite_schema WHERE name = ?", arguments: [view]) ?? ""
    )
  }
  #expect(columns.count >= 7)
  // A line that lists columns ends with what they mean.
  let explained = text.split(separator: "\n").filter { $0.contains("--") }.flatMap { line in
    line.split(separator: "--", maxSplits: 1)[0].split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(
      String.init)
  }
  for column in columns { #expect(explained.contains(column), "\(view).\(column)") }
}
