import Pipeline
import Synchronization

/// Keeps what a run says.
final class Recorder: RunObserver {
  private let events = Mutex<[RunEvent]>([])

  func receive(_ event: RunEvent) { events.withLock { $0.append(event) } }

  var all: [RunEvent] { events.withLock { $0 } }

  /// The ends of stages, in the order told.
  var stages: [StageEnd] {
    all.compactMap { if case .stageEnded(let end) = $0 { end } else { nil } }
  }

  /// The stages that executed.
  var executed: [String] { stages.filter { $0.action == .ran }.map(\.stage) }
}
