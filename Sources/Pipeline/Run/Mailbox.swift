import Dispatch
import Synchronization

/// Where executions leave their endings for the thread that schedules.
final class Mailbox: Sendable {
  private let letters = Mutex<[(String, Execution.Ending, Double)]>([])
  private let bell = DispatchSemaphore(value: 0)

  func put(_ stage: String, _ ending: Execution.Ending, _ seconds: Double) {
    letters.withLock { $0.append((stage, ending, seconds)) }
    bell.signal()
  }

  func wake() { bell.signal() }

  func wait() { bell.wait() }

  /// Waits for something; says whether it came in time.
  func wait(until deadline: DispatchTime) -> Bool { bell.wait(timeout: deadline) == .success }

  func take() -> [(String, Execution.Ending, Double)] {
    letters.withLock { letters in
      defer { letters = [] }
      return letters
    }
  }
}
