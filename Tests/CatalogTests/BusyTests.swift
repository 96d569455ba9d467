import Dispatch
import GRDB
import Glibc
import Testing

@testable import Catalog

@Test func `a catalog that another program keeps busy for a moment is waited for`() throws {
  let temporary = TemporaryFolder()
  let (store, _) = try openCatalog(temporary)
  let other = try DatabaseQueue(path: store.folder.catalog)
  let begun = DispatchSemaphore(value: 0)
  let ended = DispatchSemaphore(value: 0)
  DispatchQueue.global().async {
    try? other.inDatabase { db in
      try db.execute(sql: "BEGIN IMMEDIATE")
      begun.signal()
      usleep(300_000)
      try db.execute(sql: "ROLLBACK")
    }
    ended.signal()
  }
  begun.wait()
  let start = ContinuousClock.now
  try runStage(store, "A")
  #expect(ContinuousClock.now - start > .milliseconds(150))
  ended.wait()
  #expect(try store.verify().faults.isEmpty)
}

@Test func `a catalog that is kept busy for long is said to be, nothing is recorded, and reading goes on`()
  throws
{
  let temporary = TemporaryFolder()
  let (store, _) = try openCatalog(temporary)
  try runStage(store, "A")
  let other = try DatabaseQueue(path: store.folder.catalog)
  try other.inDatabase { db in
    try db.execute(sql: "BEGIN IMMEDIATE")
    let error = #expect(throws: CatalogError.self) { try runStage(store, "B") }
    #expect(error?.kind == .busy && error?.remedy?.contains("another program") == true)
    let reader = try #require(try CatalogStore.reading(store.folder))
    #expect(try reader.runs(newest: 5).map(\.id) == ["r1"])
    try db.execute(sql: "ROLLBACK")
  }
  try runStage(store, "B")
  #expect(try store.verify().faults.isEmpty)
}
