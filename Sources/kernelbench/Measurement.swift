import FoundationEssentials
import Glibc

/// What one task took, and how good its result is: one line of JSON.
struct Measurement: Encodable {
  var task: String
  var rows: Int
  var threads: Int
  /// Seconds by the clock, the best of the repetitions.
  var wall = Double.infinity
  /// Seconds of all cores together, of that repetition.
  var cpu = 0.0
  /// Mean log-loss of the customers held out, where the task predicts.
  var logLoss: Double?
  /// Sum of squared distances for each number of groups, where the task groups.
  var inertia: [Double]?
  /// Rounds for each number of groups.
  var rounds: [Int]?
  /// Rows that came out, where that is not `rows`.
  var rowsOut: Int?
  /// Hash of what came out, to compare runs of one binary by.
  var digest: String?

  init(task: String, rows: Int, threads: Int) {
    self.task = task
    self.rows = rows
    self.threads = threads
  }

  /// Runs `body` `repetitions` times and keeps the quickest; gives what the last run gave.
  @inline(never)
  mutating func time<Result>(_ repetitions: Int, _ body: () throws -> Result) rethrows -> Result {
    var result: Result
    var left = repetitions
    repeat {
      let (wall, cpu) = (Measurement.seconds(CLOCK_MONOTONIC), Measurement.seconds(CLOCK_PROCESS_CPUTIME_ID))
      result = try body()
      let took = Measurement.seconds(CLOCK_MONOTONIC) - wall
      if took < self.wall {
        self.wall = took
        self.cpu = Measurement.seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu
      }
      left -= 1
    } while left > 0
    return result
  }

  /// Takes down the bits of `values` as a number to compare runs by (FNV-1a).
  mutating func record(_ values: [Double]) {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for value in values { hash = (hash ^ value.bitPattern) &* 0x100_0000_01b3 }
    digest = String(hash, radix: 16)
  }

  private static func seconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    unsafe clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
