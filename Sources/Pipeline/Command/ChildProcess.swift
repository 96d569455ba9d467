import Glibc

/// A program that runs as a process group of its own, without a shell and with none of our descriptors.
struct ChildProcess {
  /// The program's file.
  var path: String
  /// Its arguments, the first being what it is called.
  var arguments: [String]
  /// All of its environment.
  var environment: [String: String]
  /// Where it is started.
  var folder: String

  /// How it ended.
  enum Ending: Equatable {
    case exited(Int32)
    case killed(signal: Int32)
    case outOfTime
    /// Somebody else was told how: no reason to believe in its outputs.
    case unknown
  }

  /// Time a program is given between the request to end and the end.
  private static let grace = Duration.milliseconds(500)

  /// Runs the program to its end, or until `seconds` are over, or until `interruption`, which is then thrown;
  /// `log` takes what it prints. Of its group no process is left.
  func run(seconds: Int, log: CommandLog, interruption: Interruption) throws(PipelineError) -> Ending {
    // Where whoever started us ignores it, the system would not keep how the program ended.
    signal(SIGCHLD, SIG_DFL)
    var ends: [Int32] = [-1, -1]
    guard unsafe pipe(&ends) == 0 else { throw ChildProcess.refused("no pipe can be made", errno) }
    let (reading, writing) = (ends[0], ends[1])
    defer { close(reading) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    _ = fcntl(reading, F_SETFL, O_NONBLOCK)
    let started: Result<pid_t, PipelineError>
    do throws(PipelineError) { started = .success(try spawn(output: writing)) } catch {
      started = .failure(error)
    }
    // Without our own writing end the pipe ends with the last process that holds another.
    close(writing)
    let process = try started.get()
    let (ending, wasInterrupted) = watch(process, reading, seconds, log, interruption)
    if wasInterrupted { try interruption.check() }
    return ending
  }

  private func watch(
    _ process: pid_t, _ reading: Int32, _ seconds: Int, _ log: CommandLog, _ interruption: Interruption
  ) -> (Ending, wasInterrupted: Bool) {
    let start = ContinuousClock.now
    let limit = start + .seconds(seconds)
    var asked: ContinuousClock.Instant?
    var isOutOfTime = false
    var wasInterrupted = false
    var isOpen = true
    while true {
      if isOpen {
        var question = pollfd(fd: reading, events: Int16(POLLIN), revents: 0)
        unsafe poll(&question, 1, 50)
        isOpen = ChildProcess.drain(reading, log)
      } else {
        usleep(5_000)
      }
      if ChildProcess.hasEnded(process) { break }
      let now = ContinuousClock.now
      if asked == nil, interruption.error != nil || now >= limit {
        wasInterrupted = interruption.error != nil
        isOutOfTime = !wasInterrupted
        asked = now
        kill(-process, SIGTERM)
      }
      if let asked, now - asked >= ChildProcess.grace { kill(-process, SIGKILL) }
    }
    // The leader is not reaped yet, so the group's number is still its own. What it left behind ends here.
    kill(-process, SIGKILL)
    if isOpen { _ = ChildProcess.drain(reading, log) }
    var status: Int32 = 0
    while unsafe waitpid(process, &status, 0) < 0 {
      guard errno == EINTR else { return (.unknown, wasInterrupted) }
    }
    let signal = status & 0x7f
    let ending: Ending =
      isOutOfTime ? .outOfTime : signal == 0 ? .exited((status >> 8) & 0xff) : .killed(signal: signal)
    return (ending, wasInterrupted)
  }

  /// Whether the process has ended; it stays to be reaped.
  private static func hasEnded(_ process: pid_t) -> Bool {
    var facts = unsafe siginfo_t()
    let status = unsafe waitid(P_PID, id_t(process), &facts, WEXITED | WNOHANG | WNOWAIT)
    if status != 0 { return errno != EINTR }
    return unsafe facts.si_signo != 0
  }

  /// Takes what the pipe holds; whether more may come. At most a few megabytes at once, so that a program that
  /// never stops printing is still looked at.
  private static func drain(_ descriptor: Int32, _ log: CommandLog) -> Bool {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    for _ in 0..<64 {
      let size = buffer.count
      let count = unsafe read(descriptor, &buffer, size)
      if count > 0 {
        log.take(buffer[..<count])
      } else if count == 0 {
        return false
      } else if errno != EINTR {
        return errno == EAGAIN
      }
    }
    return true
  }

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

  private func spawn(output: Int32) throws(PipelineError) -> pid_t {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_adddup2(&actions, output, 1)
    unsafe posix_spawn_file_actions_adddup2(&actions, output, 2)
    unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
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
    unsafe posix_spawnattr_setpgroup(&attributes, 0)
    unsafe posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))

    var words = unsafe arguments.map { unsafe strdup($0) } + [nil]
    var variables =
      unsafe environment.keys.sorted().map { unsafe strdup("\($0)=\(environment[$0] ?? "")") } + [nil]
    defer { unsafe (words + variables).forEach { unsafe free($0) } }
    var process = pid_t()
    let status = unsafe posix_spawn(&process, path, &actions, &attributes, &words, &variables)
    guard status == 0 else { throw ChildProcess.refused("\(path) cannot be started", status) }
    return process
  }

  private static func refused(_ message: String, _ number: Int32) -> PipelineError {
    PipelineError(.failed, "\(message): \(systemReason(number))")
  }
}
