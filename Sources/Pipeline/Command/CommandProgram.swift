import Fingerprints
import Glibc

/// A command as it is found on this machine: which program, and what it and its files hold.
struct CommandProgram: Sendable, Equatable {
  let declaration: CommandDeclaration
  /// The program's file, links not followed: some programs know by it where they belong. `nil` where it is one
  /// of the declared files.
  let path: String?
  /// Digest of the program's file.
  let digest: Digest
  /// Digests of the declared files by path.
  let files: [String: Digest]

  /// One digest of program and files: the `code` of the stage.
  var code: String {
    Digest(
      of: ["program": .string(digest.hexadecimal), "files": .object(fileDigests)] as JSONValue
    ).hexadecimal
  }

  /// The files' digests as a document has them.
  var fileDigests: [String: JSONValue] { files.mapValues { .string($0.hexadecimal) } }
}

extension CommandDeclaration {
  /// Finds the program of stage `stage`, which must be one that may be executed, and reads it and the files for their
  /// digests. `digest` is asked for that of a program that is no file of the project: such are large, change seldom,
  /// and may be known by their status.
  func found(
    stage: String, folder: String,
    digest ofProgram: (_ path: String) throws(PipelineError) -> Digest = CommandDeclaration.read
  ) throws(PipelineError) -> CommandProgram {
    let program = try digested(stage: stage, folder: folder, digest: ofProgram)
    if let name = arguments.first, program.path == nil, !isProgram(folder + "/" + name) {
      throw PipelineError(
        .usage, "\(place(of: name))the program \(quoted(name)) of stage \(stage) may not be executed",
        remedy: "`chmod +x \(name)`, or name what is to run it before it in \(StageFile.path(stage))")
    }
    return program
  }

  /// The same, whether or not a program that is a file of the project may be executed: no digest tells.
  func digested(
    stage: String, folder: String,
    digest ofProgram: (_ path: String) throws(PipelineError) -> Digest = CommandDeclaration.read
  ) throws(PipelineError) -> CommandProgram {
    var digests: [String: Digest] = [:]
    for file in files {
      do throws(PipelineError) {
        digests[file] = try MappedFile(path: folder + "/" + file, name: file).digest()
      } catch {
        throw PipelineError(
          .usage, "\(place(of: file))the file \(quoted(file)) of stage \(stage): \(error.message)",
          remedy: "mend \"files\" in \(StageFile.path(stage))")
      }
    }
    guard let name = arguments.first else { preconditionFailure("a command without a program was let pass") }
    if let digest = digests[name] {
      return CommandProgram(declaration: self, path: nil, digest: digest, files: digests)
    }
    guard let path = path(of: name) else {
      throw PipelineError(
        .usage, "\(place(of: name))the program \(quoted(name)) of stage \(stage) is not found",
        remedy: name.contains("/")
          ? "mend \"command\" in \(StageFile.path(stage))"
          : "install it, or name its folder in PATH or under \"environment\" in \(StageFile.path(stage))")
    }
    let digest: Digest
    do throws(PipelineError) { digest = try ofProgram(path) } catch {
      // One that changed meanwhile, or a catalog that cannot be written, is said as it is.
      guard unsafe access(path, R_OK) != 0 else { throw error }
      let reason = systemReason(errno)
      throw PipelineError(
        .usage, "\(place(of: name))the program \(quoted(name)) of stage \(stage) cannot be read: \(reason)",
        remedy: "let this user read it: its digest is part of the key")
    }
    return CommandProgram(declaration: self, path: path, digest: digest, files: digests)
  }

  /// The digest of a program's bytes.
  static func read(_ path: String) throws(PipelineError) -> Digest {
    try MappedFile(path: path, name: "the program \(path)").digest()
  }

  /// The program's file: as named, else in the first folder of the declared `PATH`, or where none is declared,
  /// of ours.
  private func path(of name: String) -> String? {
    if name.hasPrefix("/") { return isProgram(name) ? name : nil }
    let ours = unsafe getenv("PATH").map { unsafe String(cString: $0) }
    let folders = (environment["PATH"] ?? ours ?? "/usr/bin:/bin").split(separator: ":")
    return folders.filter { $0.hasPrefix("/") }.map { "\($0)/\(name)" }.first(where: isProgram)
  }

  private func isProgram(_ path: String) -> Bool {
    var facts = stat()
    guard unsafe stat(path, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else { return false }
    return unsafe access(path, X_OK) == 0
  }
}
