import Glibc
import Pipeline

/// glibc takes large blocks in pages of 2 MiB only where an environment variable asked for them before the program
/// started. A run over a large file therefore starts itself anew in its own place, with the variable set: same process,
/// same arguments. Decision 0019 has what it brings.
enum LargePageStart {
  /// What the variable says, among other settings.
  private static let setting = "glibc.malloc.hugetlb"
  /// Set besides: a process that is given privileges by its file loses the other, and would start anew for ever.
  private static let mark = "HOLDFAST_STARTED_ANEW"
  /// Bytes of sources from which on it pays for a second start, of some 10 ms.
  static let leastBytes = 32 << 20

  /// Starts anew where the project's sources are large and the environment does not decide already; where that cannot
  /// be done, all goes on as it is. Commands do not inherit the variable: they see the environment they declare.
  static func consider(_ project: Project) {
    let bytes = project.pipeline.sources.reduce(0) { $0 + size(project.path(of: $1)) }
    let given = unsafe getenv("GLIBC_TUNABLES").map { unsafe String(cString: $0) }
    guard bytes >= leastBytes, given?.contains(setting) != true, unsafe getenv(mark) == nil,
      let program = program()
    else { return }
    unsafe setenv(mark, "1", 1)
    unsafe setenv("GLIBC_TUNABLES", (given.map { $0 + ":" } ?? "") + setting + "=1", 1)
    unsafe execv(program, CommandLine.unsafeArgv)
    if let given { unsafe setenv("GLIBC_TUNABLES", given, 1) } else { unsafe unsetenv("GLIBC_TUNABLES") }
  }

  /// The file this program was started from: its own name is what others know the process by.
  private static func program() -> String? {
    var path = [UInt8](repeating: 0, count: 4096)
    let count = unsafe path.withUnsafeMutableBytes { buffer in
      unsafe readlink("/proc/self/exe", buffer.baseAddress!.assumingMemoryBound(to: CChar.self), buffer.count)
    }
    return count > 0 && count < path.count ? String(decoding: path[..<count], as: UTF8.self) : nil
  }

  private static func size(_ path: String) -> Int {
    var status = stat()
    return unsafe stat(path, &status) == 0 ? Int(status.st_size) : 0
  }
}
