package import Fingerprints

/// What to do where another run holds the lock.
package enum LockPolicy: Sendable, Equatable {
  /// End at once: exit code 5.
  case fail
  /// Wait, for so many seconds or as long as it takes, then end with exit code 5.
  case wait(seconds: Double?)
  /// End at once, and call it good: exit code 0.
  case skip
}

/// What a run is asked to do, beside what the project says.
package struct RunRequest: Sendable {
  /// The profile.
  package var profile: String
  /// Which stages.
  package var selection: RunSelection
  /// Threads each stage may use, two stages running at once where there is more than one; never in a key.
  package var threads: Int
  /// What to do where another run holds the lock.
  package var ifLocked: LockPolicy
  /// The command line as given, for the record.
  package var arguments: [String]
  /// Version and digest of the program, compiler, system: for the record.
  package var program: JSONValue

  /// A request.
  package init(
    profile: String = ProfileDeclaration.defaultName, selection: RunSelection = RunSelection(), threads: Int,
    ifLocked: LockPolicy = .fail, arguments: [String] = [], program: JSONValue = [:]
  ) {
    self.profile = profile
    self.selection = selection
    self.threads = max(1, threads)
    self.ifLocked = ifLocked
    self.arguments = arguments
    self.program = program
  }

  /// The number of processors, which is how many threads a run takes where none is said.
  package static var availableThreads: Int { ProcessorCount.online }
}
