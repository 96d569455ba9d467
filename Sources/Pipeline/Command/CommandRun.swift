import Catalog
import Fingerprints
import FoundationEssentials
import Glibc
import Staging

/// One execution of a command: lays its files and inputs out in a private folder, runs it there, takes its
/// outputs into the store.
///
/// The folder has `files` (where the program is started, with copies of the declared files), `inputs` (a link
/// for each input, by name) and `outputs`. All paths handed over are relative, so no place of this machine
/// reaches a result.
struct CommandRun {
  let stage: StageDeclaration
  let program: CommandProgram
  let inputs: [ArtifactRef]
  let archive: Archive
  let project: Project
  let interruption: Interruption
  /// Whether the log is there when the run is over: that of a replay goes with it.
  let isLogKept: Bool

  /// What messages call the program.
  private var name: String { program.declaration.arguments.first ?? "" }

  /// Runs the program and hands its outputs to `outputs`.
  func run(_ outputs: Outputs) throws -> StageSummary {
    let folder = try makeFolder()
    defer { archive.folder.remove(work: folder) }
    for (file, digest) in program.files.sorted(by: { $0.key < $1.key }) {
      try lay(file, digest, into: folder)
    }
    for input in inputs {
      let link = "inputs/\(input.name)"
      guard unsafe symlink(absolute(path(of: input)), "\(folder)/\(link)") == 0 else {
        throw refused(errno, link, "made")
      }
    }
    let before = inputs.map(status)
    let logName = "logs/\(stage.id).log"
    let log = try CommandLog(path: archive.folder.path + "/" + logName)
    let process = ChildProcess(
      path: program.path ?? "\(folder)/files/\(name)",
      arguments: [program.path ?? "./\(name)"] + program.declaration.arguments.dropFirst().map(argument),
      environment: program.declaration.environment, folder: folder + "/files")
    let ending = try process.run(
      seconds: program.declaration.timeLimit, log: log, interruption: interruption)
    log.finish()
    func fault(_ message: String) -> StageFault {
      StageFault(
        .failed, message, remedy: isLogKept ? "what it printed is in artifacts/\(logName)" : nil,
        quote: log.lastWords)
    }
    switch ending {
    case .exited(0): break
    case .exited(let code): throw fault("\(name) ended with code \(code)")
    case .killed(let signal): throw fault("\(name) was ended by signal \(signal)")
    case .unknown: throw fault("how \(name) ended cannot be learnt")
    case .outOfTime:
      throw fault("\(name) was stopped at its time limit of \(program.declaration.timeLimit) seconds")
    }
    // Objects are read-only, which does not stop everybody.
    for (input, before) in zip(inputs, before) where status(of: input) != before {
      throw fault("\(name) wrote to its input \"\(input.name)\"")
    }
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder + "/outputs") else {
      throw refused(errno, "outputs", "read")
    }
    let made = names.sorted()
    let declared = stage.outputs.map(\.fileName)
    if let strange = made.first(where: { !declared.contains($0) }) {
      throw fault("\(name) wrote \(quoted(strange)) among its outputs, which \(stage.id) does not declare")
    }
    for output in stage.outputs {
      guard made.contains(output.fileName) else {
        throw fault("\(name) did not write \(output.fileName), its output \"\(output.name)\"")
      }
      guard try take(output, from: folder, outputs) else {
        throw fault("\(output.fileName), the output \"\(output.name)\" of \(name), is no plain file")
      }
    }
    return StageSummary()
  }

  /// Whether an input is read where it lies, since it is not kept: it is digested again at the end anyway.
  private func isReadInPlace(_ input: ArtifactRef) -> Bool {
    if case .source(let name) = InputSource(input.name) {
      project.source(name)?.keep == .digest
    } else {
      false
    }
  }

  private func path(of input: ArtifactRef) -> String {
    if isReadInPlace(input), case .source(let name) = InputSource(input.name),
      let source = project.source(name)
    {
      return project.path(of: source)
    }
    return archive.path(of: input.digest)
  }

  /// Size and last change of an input's file; empty where there is none.
  private func status(of input: ArtifactRef) -> [Int] {
    var facts = stat()
    guard unsafe stat(path(of: input), &facts) == 0 else { return [] }
    return [Int(facts.st_size), facts.st_mtim.tv_sec, facts.st_mtim.tv_nsec]
  }

  private func argument(_ text: String) -> String {
    CommandDeclaration.pieces(of: text).map { piece in
      switch piece {
      case .text(let text): text
      // An optional input that is not there has no path.
      case .input(let name): inputs.contains { $0.name == name } ? "../inputs/\(name)" : ""
      case .output(let name):
        "../outputs/" + (stage.outputs.first { $0.name == name }?.fileName ?? "")
      }
    }.joined()
  }

  private func makeFolder() throws -> String {
    try archive.translating { () throws(CatalogError) in
      try archive.folder.make(archive.folder.logs)
      try archive.folder.make(archive.folder.work)
    }
    var template = Array("\(absolute(archive.folder.work))/\(stage.id)-XXXXXX".utf8CString)
    guard unsafe mkdtemp(&template) != nil else {
      throw PipelineError(.failed, "no folder can be made in artifacts/work: \(systemReason(errno))")
    }
    let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    for name in ["files", "inputs", "outputs"] { try make(name, in: folder) }
    return folder
  }

  /// What could not be done with `name` of the private folder, whose own path tells nobody anything and is in the
  /// way where messages are compared or kept.
  private func refused(_ number: Int32, _ name: String, _ done: String) -> PipelineError {
    PipelineError(
      .failed,
      "\(quoted(name)) in the work folder of stage \(stage.id) cannot be \(done): \(systemReason(number))",
      remedy: number == ENOSPC || number == EDQUOT ? "free some space and run again; nothing was lost" : nil)
  }

  /// Copies a declared file; what is run is what the key says, or nothing.
  private func lay(_ file: String, _ digest: Digest, into folder: String) throws {
    let origin = project.folder + "/" + file
    let bytes = try MappedFile(path: origin, name: file).copied()
    guard Digest(of: bytes) == digest else {
      throw PipelineError(
        .source, "the file \(file) of stage \(stage.id) was changed since the run began",
        remedy: "run again when it is complete")
    }
    let name = "files/" + file
    var parent = "files"
    for part in file.split(separator: "/").dropLast() {
      parent += "/" + part
      try make(parent, in: folder)
    }
    let mode: mode_t = unsafe access(origin, X_OK) == 0 ? 0o500 : 0o400
    guard createFile(folder + "/" + name, bytes, mode: mode) else { throw refused(errno, name, "made") }
  }

  /// Makes a folder of the private one, where it is not yet there.
  private func make(_ name: String, in folder: String) throws(PipelineError) {
    guard unsafe mkdir(folder + "/" + name, 0o755) == 0 || errno == EEXIST else {
      throw refused(errno, name, "made")
    }
  }

  /// Takes one output; `false` where it is no plain file. Links are not followed: they may lead anywhere.
  private func take(_ output: OutputDeclaration, from folder: String, _ outputs: Outputs) throws -> Bool {
    let name = "outputs/" + output.fileName
    let descriptor = unsafe open(folder + "/" + name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var facts = stat()
    guard unsafe fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else { return false }
    try outputs.bytes(output.name) { sink in
      var buffer = [UInt8](repeating: 0, count: 1 << 20)
      while true {
        let size = buffer.count
        let count = unsafe read(descriptor, &buffer, size)
        if count < 0, errno == EINTR { continue }
        guard count >= 0 else { throw refused(errno, name, "read") }
        if count == 0 { return }
        try sink(count == size ? buffer : Array(buffer[..<count]))
      }
    }
    return true
  }

  private func absolute(_ path: String) -> String {
    guard let place = unsafe realpath(path, nil) else { return path }
    defer { unsafe free(place) }
    return unsafe String(cString: place)
  }
}
