import Fingerprints
import FoundationEssentials
import Glibc
import Testing

// What the world does to a run: others at the same time, a clock set back, death at any call.

/// The library of scripts/torture, built for these tests; `nil` where there is no C compiler.
private let faults: String? = {
  let library = FileManager.default.temporaryDirectory.appending(path: "holdfast-faults-\(getpid()).so").path
  let source = Holdfast.root.path + "/scripts/torture.c"
  for compiler in ["cc", "clang"] {
    for folder in (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":") {
      let path = "\(folder)/\(compiler)"
      guard FileManager.default.isExecutableFile(atPath: path) else { continue }
      let arguments = [path, "-O1", "-shared", "-fPIC", "-o", library, source, "-ldl"]
      var words: [UnsafeMutablePointer<CChar>?] = unsafe arguments.map { unsafe strdup($0) } + [nil]
      defer { unsafe words.forEach { unsafe free($0) } }
      var process = pid_t()
      guard unsafe posix_spawn(&process, path, nil, nil, &words, environ) == 0 else { continue }
      var status: Int32 = 0
      while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
      if status == 0 { return library }
    }
  }
  print("skipped: there is no C compiler to build scripts/torture.c with")
  return nil
}()

@Test(arguments: [false, true])
func `of five runs at once on an empty folder one executes, and all end well where they wait`(mixed: Bool)
  throws
{
  let place = try Workplace.small("sleep 0.2; cat \"$1\" > \"$2\"\n")
  let started = try (0..<5).map { number in
    let profile = mixed && number % 2 == 1 ? ["--profile", "nightly"] : []
    return try Holdfast.start(["run", "--json", "--if-locked", "wait"] + profile, in: place.path)
  }
  let ended = try started.map { try $0.wait() }
  #expect(ended.map(\.code) == [0, 0, 0, 0, 0], "\(ended.map(\.errors))")
  #expect(ended.flatMap(\.ran) == ["step"])
  #expect(try place.read("artifacts/latest/step/copy.csv") == "id,left\na,1\n")
  #expect(try Holdfast.run(["verify"], in: place.path).code == 0)
}

@Test func `of five runs at once that do not wait, each ends well or is turned away by name`() throws {
  let place = try Workplace.small("sleep 0.2; cat \"$1\" > \"$2\"\n")
  let started = try (0..<5).map { _ in try Holdfast.start(["run", "--json"], in: place.path) }
  let ended = try started.map { try $0.wait() }
  let codes = Set(ended.map(\.code))
  #expect(codes.contains(0) && codes.isSubset(of: [0, 5]), "\(ended.map(\.errors))")
  for end in ended where end.code == 5 {
    let said = end.output + end.errors
    #expect(started.contains { said.contains("process \($0.process)") }, "\(said)")
  }
  #expect(try Holdfast.run(["verify"], in: place.path).code == 0)
  #expect(try Holdfast.run(["run", "--json"], in: place.path).actions == ["step": "reused"])
}

@Test func `a clock set back by a year changes nothing but the times recorded`() throws {
  guard let faults else { return }
  let place = try Workplace.small()
  #expect(try Holdfast.run(["run"], in: place.path).code == 0)
  let back = "export LD_PRELOAD=\(faults) HOLDFAST_FAULT_CLOCK=-34560000"
  let same = try Holdfast.run(["run", "--json"], in: place.path, after: back)
  #expect(same.code == 0 && same.actions == ["step": "reused"], "\(same.errors)")
  try place.write("numbers.csv", "id,left\na,0\n")
  let past = try Holdfast.run(["run", "--json"], in: place.path, after: back)
  #expect(past.code == 0 && past.ran == ["step"], "\(past.errors)")
  // Newest is what came last, whatever its clock said.
  let runs = try Holdfast.run(["log", "--json"], in: place.path).objects
  #expect(runs.map { $0["run"] } == ["r3", "r2", "r1"])
  let starts = runs.compactMap { $0["startedAt"]?.text }
  #expect(starts.count == 3 && starts[0] < starts[2], "\(starts)")
  #expect(try place.read("artifacts/latest/step/copy.csv") == "id,left\na,0\n")
  #expect(try Holdfast.run(["run", "--json"], in: place.path).actions == ["step": "reused"])
  #expect(try Holdfast.run(["gc", "--older-than", "30"], in: place.path).code == 0)
  #expect(try Holdfast.run(["verify"], in: place.path).code == 0)
  #expect(try Holdfast.run(["run", "--json"], in: place.path).actions == ["step": "reused"])
}

@Test(arguments: ["create", "write", "sync", "rename", "mkdir", "unlink", "truncate", "lock"])
func `killed at a call, the runner leaves what is whole, and the next run ends as if nothing had been`(
  call: String
)
  throws
{
  guard let faults else { return }
  // A run on other numbers after a good one, killed at a few calls of this kind: before it, after it, half-way.
  var reached = 0
  for (ordinal, act) in [(1, "before"), (2, "half"), (4, "after"), (9, "before")] {
    let place = try Workplace.small()
    #expect(try Holdfast.run(["run"], in: place.path).code == 0)
    try place.write("numbers.csv", "id,left\na,0\n")
    let words =
      "export LD_PRELOAD=\(faults) HOLDFAST_FAULT_UNDER='\(place.path)' HOLDFAST_FAULT=\(call):\(ordinal):\(act)"
    let killed = try Holdfast.run(["run"], in: place.path, after: words)
    guard killed.code == 128 + SIGKILL else {
      #expect(killed.code == 0, "\(call):\(ordinal):\(act) \(killed.errors)")
      continue
    }
    reached += 1
    let verified = try Holdfast.run(["verify"], in: place.path)
    #expect(verified.code == 0, "\(call):\(ordinal):\(act) \(verified.errors)")
    let copy = try place.read("artifacts/latest/step/copy.csv")
    #expect(["id,left\na,0\n", "id,left\na,1\n"].contains(copy))
    let next = try Holdfast.run(["run"], in: place.path)
    #expect(next.code == 0, "\(call):\(ordinal):\(act) \(next.errors)")
    #expect(try place.read("artifacts/latest/step/copy.csv") == "id,left\na,0\n")
    #expect(try Holdfast.run(["verify"], in: place.path).code == 0)
  }
  #expect(reached > 0, "no \(call) was met")
}

@Test func `a program that has not changed is read once, and again where its status says it may have`() throws
{
  guard let faults else { return }
  let place = try Workplace.small()
  let program = place.path + "/bin/tool"
  try FileManager.default.createDirectory(atPath: place.path + "/bin", withIntermediateDirectories: true)
  let text = "#!/bin/sh\ncat \"$2\" > \"$3\"\n"
  try place.write("bin/tool", text)
  #expect(unsafe chmod(program, 0o755) == 0)
  try place.write(
    "stages/step.json", place.read("stages/step.json").replacing("[\"sh\"", with: "[\"\(program)\""))
  // Reads of the program by the runner; the program itself runs without the library.
  func reads() throws -> (count: Int, ended: Ended) {
    let counts = place.path + "/counts"
    let words =
      "export LD_PRELOAD=\(faults) HOLDFAST_FAULT_UNDER='\(place.path)/bin' HOLDFAST_FAULT_COUNTS='\(counts)'"
    let ended = try Holdfast.run(["run", "--json"], in: place.path, after: words)
    let line = try place.read("counts").split(separator: "\n").first { $0.hasPrefix("read ") }
    try FileManager.default.removeItem(atPath: counts)
    return (line.flatMap { Int($0.dropFirst("read ".count)) } ?? -1, ended)
  }
  // Old enough for its times to prove something.
  usleep(50_000)
  let first = try reads()
  #expect(first.ended.code == 0 && first.ended.ran == ["step"], "\(first.ended.errors)")
  #expect(first.count > 0)
  let second = try reads()
  #expect(second.count == 0 && second.ended.actions == ["step": "reused"], "\(second)")
  // Other bytes of the same size, the time of their change put back.
  let before = try FileManager.default.attributesOfItem(atPath: program)
  try place.write("bin/tool", text.replacing("$2", with: "$4"))
  #expect(unsafe chmod(program, 0o755) == 0)
  try FileManager.default.setAttributes(
    [.modificationDate: before[.modificationDate] ?? Date.now], ofItemAtPath: program)
  let third = try reads()
  #expect(third.count > 0 && third.ended.ran.isEmpty && third.ended.code == 1, "\(third)")
  #expect(third.ended.actions == ["step": "failed"], "\(third.ended.output)")
}

@Test func `a run over a large file starts anew in its place to have large pages, unless told otherwise`()
  throws
{
  let place = try Workplace.sample(100)
  #expect(try Holdfast.run(["run", "--to", "ingest"], in: place.path).code == 0)
  try place.write("large.csv", "")
  #expect(unsafe truncate(place.path + "/large.csv", 40 << 20) == 0)
  // It waits for the lock and never reads the file.
  let held = try LockHolder(place.path + "/artifacts/.lock")
  func environment(_ more: [String], after shell: String? = nil, until wanted: String) throws -> (
    String, name: String
  ) {
    let started = try Holdfast.start(["run", "--if-locked", "wait=60"] + more, in: place.path, after: shell)
    defer {
      kill(started.process, SIGKILL)
      _ = try? started.wait()
    }
    var found = ""
    for _ in 0..<(wanted == "never" ? 20 : 200) {
      found = (try? Holdfast.text("/proc/\(started.process)/environ")) ?? ""
      if found.contains(wanted) { break }
      usleep(20_000)
    }
    return (found, try Holdfast.text("/proc/\(started.process)/comm"))
  }
  let large = ["--set", "sources.customers.path=large.csv"]
  let unset = "unset GLIBC_TUNABLES"
  let plain = try environment(large, after: unset, until: "GLIBC_TUNABLES=glibc.malloc.hugetlb=1")
  #expect(plain.0.contains("GLIBC_TUNABLES=glibc.malloc.hugetlb=1") && plain.name == "holdfast\n")
  // Beside what is set already; glibc has put an end after each setting by then.
  let ours = "export GLIBC_TUNABLES=glibc.malloc.arena_max=3"
  let both = try environment(large, after: ours, until: "glibc.malloc.hugetlb=1").0
  #expect(both.contains("glibc.malloc.hugetlb=1") && both.contains("GLIBC_TUNABLES=glibc.malloc.arena_max=3"))
  let declined = "export GLIBC_TUNABLES=glibc.malloc.hugetlb=0"
  for (more, shell) in [(large, declined), ([], "export GLIBC_TUNABLES=x=1")] {
    let kept = try environment(more, after: shell, until: "never")
    #expect(kept.0.contains(shell.dropFirst("export ".count)) && !kept.0.contains("hugetlb=1"))
  }
  held.release()
  // Once: it comes to the file, which is no table.
  let ended = try Holdfast.run(["run"] + large, in: place.path, after: unset)
  #expect(ended.code == 2 || ended.code == 3, "\(ended.errors)")
}
