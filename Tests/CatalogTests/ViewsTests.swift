import FoundationEssentials
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

/// The columns the documentation's page lists, by view, with what it says of each.
private func documentedViews() throws -> [String: [(column: String, meaning: String)]] {
  let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  let page = try String(
    contentsOf: root.appending(path: "Sources/holdfast/Documentation.docc/Catalog.md"), encoding: .utf8)
  var views: [String: [(column: String, meaning: String)]] = [:]
  var view: String?
  for line in page.split(separator: "\n") {
    if line.hasPrefix("## ") {
      view = String(line.dropFirst(3))
      views[String(line.dropFirst(3))] = []
    } else if line.hasPrefix("| "), let view, line != "| column | meaning |" {
      let cells = line.dropFirst(2).dropLast(2).split(separator: " | ").map(String.init)
      views[view]?.append((cells[0], cells.count > 1 ? cells[1] : ""))
    }
  }
  return views
}

@Test func `the documentation lists every view and column, in order, with what it means, and no other`()
  throws
{
  let temporary = TemporaryFolder()
  let (store, _) = try openCatalog(temporary)
  let schema = try store.read { db in
    let views = try String.fetchAll(db, sql: "SELECT name FROM sqlite_schema WHERE type = 'view'")
    return try views.reduce(into: [String: [String]]()) { $0[$1] = try db.columns(in: $1).map(\.name) }
  }
  let page = try documentedViews()
  #expect(page.mapValues { $0.map(\.column) } == schema)
  for (view, columns) in page {
    for column in columns { #expect(!column.meaning.isEmpty, "\(view).\(column.column)") }
  }
}

@Test func `every view can be queried beside a run, by a reader of its own`() throws {
  let temporary = TemporaryFolder()
  let (store, _) = try openCatalog(temporary)
  for text in ["A", "B"] { try runStage(store, text) }
  try store.hold("r2", .audit, reason: "review", by: "me", at: noon)
  try store.collect(RetentionPolicy(keep: 1), grace: noon, by: "me", at: noon)
  var readonly = Configuration()
  readonly.readonly = true
  let other = try DatabaseQueue(path: store.folder.catalog, configuration: readonly)
  for view in try documentedViews().keys {
    #expect(try other.read { try Row.fetchAll($0, sql: "SELECT * FROM \(view)").count } > 0, "\(view)")
  }
}
