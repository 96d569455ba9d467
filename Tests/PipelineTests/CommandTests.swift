import Dispatch
import Fingerprints
import FoundationEssentials
import Glibc
import Testing

@testable import Pipeline

/// A project whose last stage, `step`, is a command: `sh scripts/step.sh` on the numbers read.
func projectWithCommand(
  _ script: String = CommandSample.script, _ edits: [(old: String, new: String)] = []
) throws -> TemporaryProject {
  let project = try TemporaryProject()
  try CommandSample.add(to: project)
  try project.write("scripts/step.sh", script)
  for edit in edits { try project.edit("stages/step.json", edit.old, edit.new) }
  return project
}

private func run(
  _ project: TemporaryProject, interruption: Interruption = Interruption(), observer: Recorder = Recorder(),
  _ request: RunRequest = RunRequest(threads: 2)
) throws -> (end: RunEnd, recorder: Recorder) {
  let end = Runner(try project.load(), request, observer: observer, interruption: interruption).run()
  return (end, observer)
}

/// How `step` ended.
private func stepEnd(_ recorder: Recorder) -> StageEnd? { recorder.stages.first { $0.stage == "step" } }

@Test func `a command's output is taken into the store and linked`() throws {
  let project = try projectWithCommand()
  let (end, recorder) = try run(project)
  #expect(end.exitCode == 0, "\(end.message ?? "")")
  #expect(recorder.executed.contains("step"))
  #expect(
    try project.read("artifacts/latest/step/extra.csv") == project.read("artifacts/latest/read/values.json"))
  #expect(try FileManager.default.contentsOfDirectory(atPath: project.folder + "/artifacts/work").isEmpty)
}

/// What a program does wrong, and what is said of it.
private struct Misdeed: CustomTestStringConvertible, Sendable {
  var testDescription: String
  var script: String
  var said: [String]
  var quote: String?
}

private let misdeeds = [
  Misdeed(
    testDescription: "ends with a code", script: "echo Account 4711 is odd; exit 3",
    said: ["stage step", "sh ended with code 3", "artifacts/logs/step.log"], quote: "Account 4711 is odd"),
  Misdeed(
    testDescription: "is ended by a signal", script: "kill -9 $$", said: ["sh was ended by signal 9"]),
  Misdeed(
    testDescription: "writes no output", script: "true",
    said: ["did not write extra.csv, its output \"extra\""]),
  Misdeed(
    testDescription: "writes another output", script: "echo 1 > $2; echo 2 > ../outputs/more.csv",
    said: ["\"more.csv\"", "step does not declare"]),
  Misdeed(
    testDescription: "makes a link", script: "ln -s /etc/passwd $2", said: ["extra.csv", "is no plain file"]),
  Misdeed(
    testDescription: "makes a pipe", script: "mkfifo $2", said: ["extra.csv", "is no plain file"]),
  Misdeed(
    testDescription: "writes to its input", script: "chmod u+w $1; echo 1 >> $1; echo 1 > $2",
    said: ["wrote to its input \"values\""]),
]

@Test(arguments: misdeeds)
private func `a program that fails fails its stage, and nothing becomes current`(_ misdeed: Misdeed) throws {
  let project = try projectWithCommand(misdeed.script)
  // Alone with what it needs: an input that is spoilt must not be found by another stage first.
  let (end, recorder) = try run(project, RunRequest(selection: RunSelection(["step"]), threads: 2))
  #expect(end.exitCode == 1 && end.outcome == .failed)
  for words in misdeed.said { #expect(end.message?.contains(words) == true, "\(end.message ?? "")") }
  let stage = try #require(stepEnd(recorder))
  #expect(stage.action == .failed)
  #expect(!FileManager.default.fileExists(atPath: project.folder + "/artifacts/latest/step"))
  if let quote = misdeed.quote {
    // Shown to whoever runs it, but not in what the catalog keeps.
    #expect(stage.reason.contains(quote))
    #expect(end.message?.contains(quote) == false)
    #expect(try project.read("artifacts/logs/step.log") == quote + "\n")
  }
}

/// Whether that process runs: one that ended and waits to be reaped does not.
private func isRunning(_ process: Substring) -> Bool {
  guard let data = try? Data(contentsOf: URL(filePath: "/proc/\(process)/stat")) else { return false }
  let state = String(decoding: data, as: UTF8.self).split(separator: ")").last?.split(separator: " ").first
  return state != "Z" && state != "X"
}

@Test func `at its time limit a program ends with all it has started, even if it will not`() throws {
  let project = try projectWithCommand(
    "trap '' TERM; sleep 60 & echo $!; sleep 60; sleep 60",
    [("\"timeLimitSeconds\": 60", "\"timeLimitSeconds\": 1")])
  let start = ContinuousClock.now
  let (end, _) = try run(project)
  #expect(end.exitCode == 1)
  #expect(end.message?.contains("stopped at its time limit of 1 seconds") == true, "\(end.message ?? "")")
  #expect(ContinuousClock.now - start < .seconds(20))
  let child = try project.read("artifacts/logs/step.log").split(separator: "\n").first
  #expect(isRunning(try #require(child)) == false)
}

@Test func `what a program leaves running behind ends with it`() throws {
  let project = try projectWithCommand("sleep 60 & echo $!; cp $1 $2")
  let (end, _) = try run(project)
  #expect(end.exitCode == 0)
  let child = try project.read("artifacts/logs/step.log").split(separator: "\n").first
  #expect(isRunning(try #require(child)) == false)
}

@Test func `an interrupted run ends its program`() throws {
  let project = try projectWithCommand("trap '' TERM; echo $$ > ../../../started; sleep 60; sleep 60")
  let interruption = Interruption()
  let marker = project.folder + "/artifacts/started"
  DispatchQueue.global().async {
    for _ in 0..<2000 where !FileManager.default.fileExists(atPath: marker) { usleep(5_000) }
    interruption.request(SIGTERM)
  }
  let start = ContinuousClock.now
  let (end, _) = try run(project, interruption: interruption)
  #expect(end.exitCode == 143 && end.outcome == .interrupted, "\(end.message ?? "")")
  #expect(ContinuousClock.now - start < .seconds(20))
  let process = try project.read("artifacts/started").split(separator: "\n").first
  #expect(isRunning(try #require(process)) == false)
}

@Test func `a program sees the declared environment and nothing of ours`() throws {
  // It fails for want of an output, after it printed.
  for (program, printed) in [(#"["env"]"#, "LANG=C\n"), (#"["ls", "/proc/self/fd"]"#, "0\n1\n2\n3\n")] {
    let project = try projectWithCommand(edits: program)
    _ = try run(project)
    #expect(try project.read("artifacts/logs/step.log") == printed)
  }
}

private func projectWithCommand(edits program: String) throws -> TemporaryProject {
  try projectWithCommand(CommandSample.script, [(CommandSample.command, program)])
}

@Test func `of what a program prints a bounded part is kept`() throws {
  let project = try projectWithCommand("head -c 3000000 /dev/zero | tr '\\0' x; echo; echo the end; cp $1 $2")
  let (end, _) = try run(project)
  #expect(end.exitCode == 0)
  let log = try project.read("artifacts/logs/step.log")
  #expect(log.utf8.count > 1 << 20 && log.utf8.count < (1 << 20) + 5000)
  #expect(log.contains("more bytes, which end so:") && log.hasSuffix("the end\n"))
}

@Test func `another program under the same name runs the stage again`() throws {
  let project = try projectWithCommand()
  try project.write("tool", "#!/bin/sh\ncp $1 $2\n")
  try project.edit("stages/step.json", #""sh", "scripts/step.sh""#, "\"\(project.folder)/tool\"")
  try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: project.folder + "/tool")
  #expect(try run(project).end.exitCode == 0)
  #expect(try stepEnd(run(project).recorder)?.reasonCodes == ["unchanged"])
  try project.write("tool", "#!/bin/sh\ncp $1 $2; echo >> $2\n")
  let explanation = try Forecaster(project.load()).explain("step")
  #expect(explanation.changes.map(\.code) == ["program"])
  #expect(explanation.changes.first?.text.hasPrefix("program changed") == true)
  #expect(explanation.components.contains { $0.name == "program" && $0.isChanged })
  #expect(try stepEnd(run(project).recorder)?.reasonCodes == ["program"])
}

@Test func `a program of the project is started from its copy`() throws {
  let project = try projectWithCommand(
    "#!/bin/sh\ncp $1 $2\n", [(#""sh", "scripts/step.sh""#, #""scripts/step.sh""#)])
  try FileManager.default.setAttributes(
    [.posixPermissions: 0o755], ofItemAtPath: project.folder + "/scripts/step.sh")
  let (end, _) = try run(project)
  #expect(end.exitCode == 0, "\(end.message ?? "")")
}

@Test func `a program that cannot be read is said with its place; what else fails is said as it is`() throws {
  let project = try projectWithCommand()
  let tool = project.folder + "/tool"
  try project.write("tool", "#!/bin/sh\ncp $1 $2\n")
  try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: tool)
  try project.edit("stages/step.json", #""sh", "scripts/step.sh""#, "\"\(tool)\"")
  let command = try #require(try project.load().commands["step"])
  let changed = PipelineError(.source, "\(tool) changed while it was read", remedy: "run again")
  let other = #expect(throws: PipelineError.self) {
    try command.found(stage: "step", folder: project.folder) { (_) throws(PipelineError) in throw changed }
  }
  #expect(other == changed)
  // The program goes away between being found and being read: it cannot be read by anybody, root neither.
  let gone = #expect(throws: PipelineError.self) {
    try command.found(stage: "step", folder: project.folder) { (path) throws(PipelineError) in
      unsafe unlink(path)
      return try CommandDeclaration.read(path)
    }
  }
  #expect(gone?.kind == .usage && gone?.message.hasPrefix("stages/step.json:6:15: the program") == true)
  #expect(gone?.message.hasSuffix("of stage step cannot be read: No such file or directory") == true)
  #expect(gone?.remedy == "let this user read it: its digest is part of the key")
}

/// A project whose command is its own script, which may be executed or not.
private func projectWithOwnProgram(_ script: String, mode: Int) throws -> TemporaryProject {
  let project = try projectWithCommand(script, [(#""sh", "scripts/step.sh""#, #""scripts/step.sh""#)])
  try set(mode: mode, of: project)
  return project
}

private func set(mode: Int, of project: TemporaryProject) throws {
  try FileManager.default.setAttributes(
    [.posixPermissions: mode], ofItemAtPath: project.folder + "/scripts/step.sh")
}

@Test func `a program of the project that may not be executed is said before anything runs`() throws {
  let project = try projectWithOwnProgram("#!/bin/sh\ncp $1 $2\n", mode: 0o644)
  let (end, recorder) = try run(project)
  #expect(end.exitCode == 2 && recorder.executed.isEmpty)
  let message = end.message ?? ""
  #expect(message.contains("stages/step.json:7:13: the program \"scripts/step.sh\" of stage"), "\(message)")
  #expect(message.contains("may not be executed"), "\(message)")
  #expect(message.contains("`chmod +x scripts/step.sh`"), "\(message)")
  #expect(throws: PipelineError.self) { try Forecaster(project.load()).forecast() }
  try set(mode: 0o755, of: project)
  #expect(try run(project).end.exitCode == 0)
  // Done again, it is the same program, and refused likewise.
  try set(mode: 0o644, of: project)
  let replay = try RunReplay(project.load(), run: "r2")
  #expect(replay.codeChanges.isEmpty)
  let error = #expect(throws: PipelineError.self) {
    try replay.run(threads: 2, interruption: Interruption()) { _, _ in }
  }
  #expect(error?.exitCode == 2 && error?.remedy?.contains("chmod +x") == true, "\(String(describing: error))")
}

@Test func `a program that cannot be started is called by its name, not by where its copy lay`() throws {
  let project = try projectWithOwnProgram("no line that says what runs it\n", mode: 0o755)
  let (end, recorder) = try run(project)
  let message = end.message ?? ""
  #expect(end.exitCode == 1 && stepEnd(recorder)?.action == .failed)
  #expect(message.contains("stage step: ./scripts/step.sh cannot be started: "), "\(message)")
  #expect(!message.contains(project.folder) && !message.contains("artifacts/work"), "\(message)")
}

@Test func `what cannot be laid out for a program is said without the path of its private folder`() throws {
  let project = try projectWithCommand()
  // A path that fits where the file lies and not where it is copied to.
  var file = "deep"
  while project.folder.utf8.count + file.utf8.count < 3900 {
    file += "/" + String(repeating: "d", count: 100)
  }
  file += "/" + String(repeating: "f", count: 4080 - project.folder.utf8.count - file.utf8.count)
  var folder = project.folder
  for part in file.split(separator: "/").dropLast() {
    folder += "/" + part
    try #require(unsafe mkdir(folder, 0o755) == 0)
  }
  let descriptor = unsafe open(project.folder + "/" + file, O_WRONLY | O_CREAT, 0o644)
  try #require(descriptor >= 0)
  close(descriptor)
  try project.edit("stages/step.json", #"["scripts/step.sh"]"#, #"["scripts/step.sh", "\#(file)"]"#)
  let message = try run(project).end.message ?? ""
  #expect(message.contains("\"files/deep/ddd") && message.contains("cannot be made: "), "\(message)")
  #expect(!message.contains(project.folder) && !message.contains("artifacts/work"), "\(message)")
}

@Test func `a program or file that is not there is said before anything runs`() throws {
  let absent = try run(projectWithCommand(edits: #"["no-such-program-here"]"#))
  #expect(absent.end.exitCode == 2 && absent.recorder.executed.isEmpty)
  #expect(absent.end.message?.contains("\"no-such-program-here\" of stage step is not found") == true)
  let project = try projectWithCommand()
  try FileManager.default.removeItem(atPath: project.folder + "/scripts/step.sh")
  let end = try run(project).end
  #expect(end.exitCode == 2 && end.message?.contains("scripts/step.sh") == true)
}

@Test func `what a run that died left of a program's work is swept`() throws {
  let project = try projectWithCommand()
  let left = project.folder + "/artifacts/work/step-abcdef/outputs"
  try FileManager.default.createDirectory(atPath: left, withIntermediateDirectories: true)
  try project.write("artifacts/work/step-abcdef/outputs/extra.csv", "half")
  #expect(try run(project).end.exitCode == 0)
  #expect(!FileManager.default.fileExists(atPath: left))
}

@Test func `a past run with a command is done again, and another script is said`() throws {
  let project = try projectWithCommand()
  #expect(try run(project).end.exitCode == 0)
  let replay = try RunReplay(project.load(), run: "r1")
  #expect(replay.codeChanges.isEmpty)
  let verdict = try replay.run(threads: 2, interruption: Interruption()) { _, _ in }
  #expect(verdict == .identical(artifacts: 7))
  try project.write("scripts/step.sh", "cat $1 $1 > $2\n")
  let changed = try RunReplay(project.load(), run: "r1")
  #expect(changed.codeChanges.map(\.stage) == ["step"])
  let other = try changed.run(threads: 2, interruption: Interruption()) { _, _ in }
  guard case .differs(stage: "step", artifact: "extra", _, _) = other else {
    Issue.record("\(other)")
    return
  }
}

@Test func `a program that fails when a run is done again is quoted, and no log that is gone named`() throws {
  let project = try projectWithCommand("echo first >&2; cp $1 $2")
  #expect(try run(project).end.exitCode == 0)
  try project.write("scripts/step.sh", "echo Account 4711 is odd; exit 3")
  let replay = try RunReplay(project.load(), run: "r1")
  let verdict = try replay.run(threads: 2, interruption: Interruption()) { _, _ in }
  guard case .failed(stage: "step", let message) = verdict else {
    Issue.record("\(verdict)")
    return
  }
  #expect(message == "sh ended with code 3; it said: Account 4711 is odd")
  // What the run itself printed stays.
  #expect(try project.read("artifacts/logs/step.log") == "first\n")
}

@Test func `a program that makes other bytes from the same is found out when forced`() throws {
  let project = try projectWithCommand("cat /proc/sys/kernel/random/uuid > $2")
  #expect(try run(project).end.exitCode == 0)
  let (end, _) = try run(
    project, RunRequest(selection: RunSelection(["step"], scope: .only, force: true), threads: 2))
  #expect(end.exitCode == 1 && end.message?.contains("other bytes than before") == true)
}
