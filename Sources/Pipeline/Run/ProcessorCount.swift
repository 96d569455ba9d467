import Glibc

/// How many processors this process may run on.
enum ProcessorCount {
  /// At least one.
  static var online: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }
}
