import Glibc

/// Which process this is, on which machine, for whom: recorded with a run, never in a key.
enum ProcessIdentity {
  /// The process.
  static var pid: Int32 { getpid() }

  /// The machine's name.
  static var host: String {
    var name = [CChar](repeating: 0, count: 256)
    let length = name.count - 1
    guard unsafe gethostname(&name, length) == 0 else { return "unknown" }
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Who runs it: the user's name, else number.
  static var actor: String {
    if let entry = unsafe getpwuid(getuid()), let name = unsafe entry.pointee.pw_name {
      return unsafe String(cString: name)
    }
    return String(getuid())
  }
}
