import Dispatch
import Glibc
import Synchronization

/// Whether the run was asked to stop. A run looks at it between stages, at every read and write of a
/// stage and at every report of progress.
package final class Interruption: Sendable {
  private let signal = Atomic<Int32>(0)
  private let waiting = Mutex<(@Sendable () -> Void)?>(nil)

  /// Nothing was asked yet.
  package init() {}

  /// Asks the run to stop as `SIGINT` (2) or `SIGTERM` (15) does.
  package func request(_ number: Int32) {
    signal.store(number, ordering: .sequentiallyConsistent)
    waiting.withLock { $0 }?()
  }

  /// What was asked, as the error a run ends with.
  package var error: PipelineError? {
    switch signal.load(ordering: .sequentiallyConsistent) {
    case 0: nil
    case SIGTERM: PipelineError(.terminated, "the run was told to end (SIGTERM)")
    default: PipelineError(.interrupted, "the run was interrupted")
    }
  }

  /// Throws where the run was asked to stop.
  func check() throws(PipelineError) { if let error { throw error } }

  /// Calls `wake` as soon as the run is asked to stop.
  func onRequest(_ wake: @escaping @Sendable () -> Void) { waiting.withLock { $0 = wake } }

  /// Listens for SIGINT and SIGTERM until the process ends. The first of each asks the run to stop; a
  /// second one of the same kind ends the process at once, which is safe as well: nothing half-written
  /// is ever believed.
  package static func listening() -> Interruption {
    let interruption = Interruption()
    for number in [SIGINT, SIGTERM] {
      // The handler does nothing; it only keeps the default from ending the process before the source
      // below has been told.
      Glibc.signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        if interruption.error != nil { _exit(128 + number) }
        interruption.request(number)
      }
      source.resume()
      let kept = Kept(source: source)
      sources.withLock { $0.append(kept) }
    }
    return interruption
  }

  /// A source that is only kept alive, never touched again: no lock is needed.
  private struct Kept: @unchecked Sendable { let source: any DispatchSourceSignal }
  private static let sources = Mutex<[Kept]>([])
}
