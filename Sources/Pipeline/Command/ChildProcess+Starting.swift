import Glibc

extension ChildProcess {
  // Extensions of glibc (2.29 and 2.34) that its module does not show.
  private typealias FolderAction =
    @convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, UnsafePointer<CChar>) -> Int32
  private typealias ClosingAction =
    @convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, Int32) -> Int32

  private static var changeFolder: FolderAction? {
    unsafe dlsym(nil, "posix_spawn_file_actions_addchdir_np").map {
      unsafe unsafeBitCast($0, to: FolderAction.self)
    }
  }

  private static var closeOthers: ClosingAction? {
    unsafe dlsym(nil, "posix_spawn_file_actions_addclosefrom_np").map {
      unsafe unsafeBitCast($0, to: ClosingAction.self)
    }
  }

  /// Starts the program; `output` takes what it prints. It joins the process group `group`, or leads one of its
  /// own for 0. `input` is what it reads, nothing where not given. A message calls it `name`, or by its first argument:
  /// its path may be that of a copy in a folder that is gone by then.
  func start(
    input: Int32? = nil, output: Int32, group: pid_t, name: String? = nil
  ) throws(PipelineError) -> pid_t {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_adddup2(&actions, output, 1)
    unsafe posix_spawn_file_actions_adddup2(&actions, output, 2)
    if let input {
      unsafe posix_spawn_file_actions_adddup2(&actions, input, 0)
    } else {
      unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    }
    guard let changeFolder = unsafe ChildProcess.changeFolder,
      let closeOthers = unsafe ChildProcess.closeOthers
    else { throw ChildProcess.refused("programs cannot be started with this C library", ENOSYS) }
    // All of ours are opened to close on exec; this holds also for those of libraries.
    _ = unsafe closeOthers(&actions, 3)
    _ = unsafe changeFolder(&actions, folder)
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    // We ignore some signals, which a program would inherit and then could not be asked to end.
    var signals = sigset_t()
    unsafe sigfillset(&signals)
    unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
    unsafe sigemptyset(&signals)
    unsafe posix_spawnattr_setsigmask(&attributes, &signals)
    unsafe posix_spawnattr_setpgroup(&attributes, group)
    unsafe posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))

    var words = unsafe arguments.map { unsafe strdup($0) } + [nil]
    var variables =
      unsafe environment.keys.sorted().map { unsafe strdup("\($0)=\(environment[$0] ?? "")") } + [nil]
    defer { unsafe (words + variables).forEach { unsafe free($0) } }
    var process = pid_t()
    let status = unsafe posix_spawn(&process, path, &actions, &attributes, &words, &variables)
    guard status == 0 else {
      throw ChildProcess.refused("\(name ?? arguments.first ?? path) cannot be started", status)
    }
    return process
  }

  static func refused(_ message: String, _ number: Int32) -> PipelineError {
    PipelineError(.failed, "\(message): \(systemReason(number))")
  }
}
