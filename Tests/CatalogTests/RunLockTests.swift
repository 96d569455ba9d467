import Dispatch
import Fingerprints
import FoundationEssentials
import Glibc
import Testing

@testable import Catalog

@Test func `the lock is held by one and says by whom`() throws {
  let temporary = TemporaryFolder()
  let folder = ArtifactFolder(temporary.path)
  let lock = try RunLock.take(folder, waiting: 0, holder: "process 7 since noon")
  let error = #expect(throws: CatalogError.self) { try RunLock.take(folder, waiting: 0.05, holder: "other") }
  #expect(error?.kind == .locked)
  #expect(error?.message.contains("process 7 since noon") == true)
  lock.release()
  _ = try RunLock.take(folder, waiting: 0, holder: "other")
}

@Test func `a lock taken a moment ago is refused with the name of its holder`() throws {
  let temporary = TemporaryFolder()
  let folder = ArtifactFolder(temporary.path)
  try RunLock.take(folder, waiting: 0, holder: "").release()
  // Another open file, as of another process, that says later who holds it.
  let other = unsafe open(folder.lock, O_RDWR | O_CLOEXEC)
  defer { close(other) }
  #expect(flock(other, LOCK_EX | LOCK_NB) == 0)
  // A thread of its own, running before the lock is asked for: the tests beside this one keep the shared ones busy.
  let isRunning = DispatchSemaphore(value: 0)
  DispatchQueue(label: "holder").async {
    isRunning.signal()
    usleep(5000)
    let name = Array("process 9".utf8)
    _ = unsafe name.withUnsafeBytes { unsafe pwrite(other, $0.baseAddress, $0.count, 0) }
  }
  isRunning.wait()
  let error = #expect(throws: CatalogError.self) { try RunLock.take(folder, waiting: 0, holder: "me") }
  #expect(error?.message.contains("process 9") == true)
}

@Test func `a lock held by another process is refused, and free the moment that process is killed`() throws {
  let temporary = TemporaryFolder()
  let folder = ArtifactFolder(temporary.path)
  try RunLock.take(folder, waiting: 0, holder: "first").release()
  guard unsafe access("/usr/bin/flock", X_OK) == 0 else { return print("no flock(1) here: not tested") }
  let child = try spawn(["/usr/bin/flock", "--no-fork", folder.lock, "/bin/sleep", "60"])
  defer { kill(child, SIGKILL) }
  var refused = false
  for _ in 0..<200 where !refused {
    do { try RunLock.take(folder, waiting: 0, holder: "me").release() } catch {
      refused = error.kind == .locked
    }
    usleep(10_000)
  }
  #expect(refused)
  kill(child, SIGKILL)
  var status: Int32 = 0
  unsafe waitpid(child, &status, 0)
  _ = try RunLock.take(folder, waiting: 0, holder: "me")
}

@Test func `a lock whose file is removed lets another in, and the first can record nothing more`() throws {
  let temporary = TemporaryFolder()
  let (first, _) = try openCatalog(temporary)
  let old = try first.beginRun(facts())
  let stage = try first.beginStage(
    old, stage: "make", key: Digest(of: ["x": 1]), preimage: ["x": 1], reason: "first run", at: noon)
  unsafe unlink(first.folder.lock)
  let (second, _) = try openCatalog(temporary)
  let new = try second.beginRun(facts())
  for attempt in 0..<3 {
    let error = #expect(throws: CatalogError.self) {
      switch attempt {
      case 0: try first.commit(stage, StageCommit(status: "good", seconds: 1, at: noon))
      case 1:
        _ = try first.beginStage(
          old, stage: "more", key: Digest(of: ["x": 2]), preimage: ["x": 2], reason: "first run", at: noon)
      default:
        try first.endRun(
          old, status: "succeeded", exitCode: 0, message: nil, channel: "default", publishing: [], at: noon)
      }
    }
    #expect(error?.kind == .locked)
  }
  try second.endRun(
    new, status: "succeeded", exitCode: 0, message: nil, channel: "default", publishing: [], at: noon)
  #expect(try second.runs(newest: 5).map(\.status) == ["succeeded", "crashed"])
  #expect(try second.verify().faults.isEmpty)
}

@Test func `a lock is not taken through a link`() throws {
  let temporary = TemporaryFolder()
  let elsewhere = try temporary.file("elsewhere", "keep me")
  unsafe symlink(elsewhere, temporary.path + "/.lock")
  #expect(throws: CatalogError.self) {
    try RunLock.take(ArtifactFolder(temporary.path), waiting: 0, holder: "me")
  }
  #expect(try String(contentsOfFile: elsewhere, encoding: .utf8) == "keep me")
}

/// Starts a program; its process.
private func spawn(_ arguments: [String]) throws -> pid_t {
  var pointers = unsafe arguments.map { unsafe strdup($0) } + [nil]
  defer { unsafe pointers.forEach { unsafe free($0) } }
  var child: pid_t = 0
  let fault = unsafe posix_spawn(&child, arguments[0], nil, nil, &pointers, environ)
  try #require(fault == 0)
  return child
}
