import Glibc

/// A process that leads the group a program runs in and waits on a pipe whose other end only this process
/// holds. However we die, the pipe ends with us, and the watchman then kills its whole group and so itself.
///
/// A signal at the parent's death (PR_SET_PDEATHSIG) would have to be asked for between fork and exec, which
/// posix_spawn does not offer; it reaches the child alone, not what the child started; and it comes when the
/// thread ends that started it. A pipe has none of these faults. The shell is only what a few words of waiting
/// and killing are written in: the program itself runs without one.
struct Watchman {
  /// The group it leads; programs join it.
  let group: pid_t
  private let lifeline: Int32

  /// What it is called among the system's processes.
  static let name = "holdfast-watch"

  /// Starts one, in `folder`.
  init(folder: String) throws(PipelineError) {
    var ends: [Int32] = [-1, -1]
    guard unsafe pipe(&ends) == 0 else { throw ChildProcess.refused("no pipe can be made", errno) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    defer { close(ends[0]) }
    // A request to end goes to the whole group, and the watchman must outlast it.
    let words = ["-c", "trap '' TERM INT HUP QUIT PIPE; read line; kill -KILL 0"]
    let shell = ChildProcess(
      path: "/bin/sh", arguments: [Watchman.name] + words, environment: [:], folder: folder)
    do throws(PipelineError) {
      // What it prints goes into its own pipe, that is nowhere.
      group = try shell.start(input: ends[0], output: ends[0], group: 0, name: "the watchman, /bin/sh,")
    } catch {
      close(ends[1])
      throw error
    }
    lifeline = ends[1]
  }

  /// Ends it, and whatever else is left of its group.
  func dismiss() {
    kill(-group, SIGKILL)
    var status: Int32 = 0
    while unsafe waitpid(group, &status, 0) < 0, errno == EINTR {}
    close(lifeline)
  }
}
