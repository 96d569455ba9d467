import Glibc

/// A program that runs in a process group of its own, without a shell and with none of our descriptors; a
/// watchman ends the group where we die (`Watchman`).
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
    // First of all: a program nobody watches would outlive us.
    let watchman: Watchman
    do throws(PipelineError) { watchman = try Watchman(folder: folder) } catch {
      close(writing)
      throw error
    }
    let started: Result<pid_t, PipelineError>
    do throws(PipelineError) { started = .success(try start(output: writing, group: watchman.group)) } catch {
      started = .failure(error)
    }
    // Without our own writing end the pipe ends with the last process that holds another.
    close(writing)
    defer { watchman.dismiss() }
    let process = try started.get()
    let (ending, wasInterrupted) = watch(process, watchman.group, reading, seconds, log, interruption)
    if wasInterrupted { try interruption.check() }
    return ending
  }

  private func watch(
    _ process: pid_t, _ group: pid_t, _ reading: Int32, _ seconds: Int, _ log: CommandLog,
    _ interruption: Interruption
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
        kill(-group, SIGTERM)
      }
      if let asked, now - asked >= ChildProcess.grace { kill(-group, SIGKILL) }
    }
    // The watchman is not reaped yet, so the group's number is still its own. What was left behind ends here.
    kill(-group, SIGKILL)
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
}
