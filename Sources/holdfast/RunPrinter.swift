import Pipeline
import Synchronization

/// A run for a person: one line a stage on standard output, and on standard error a live line at a
/// terminal, or a line at start and one every half minute elsewhere.
final class RunPrinter: RunObserver {
  private struct State {
    var running: [String: StageAdvance] = [:]
    var begun: [String: ContinuousClock.Instant] = [:]
    var lastDrawn: ContinuousClock.Instant?
    var lastBeat: ContinuousClock.Instant?
    var isDrawn = false
    var width = 8
  }
  private let state = Mutex(State())
  private let isLive = Console.isTerminal
  private let colour = Console.hasColour

  func receive(_ event: RunEvent) {
    state.withLock { state in
      switch event {
      case .runStarted(let start):
        state.width = start.stages.map(\.count).max() ?? 8
        Console.say(
          "run \(start.run)  \(start.pipeline)\(start.profile == "default" ? "" : " (\(start.profile))")")
      case .stageStarted(let start):
        state.begun[start.stage] = .now
        state.running[start.stage] = StageAdvance(
          stage: start.stage, activity: "started", done: 0, total: nil, rate: nil,
          secondsLeft: start.secondsBefore)
        if isLive {
          draw(&state)
        } else {
          state.lastBeat = .now
          Console.complain("  \(start.stage.padded(state.width))  started   \(start.reason)")
        }
      case .stageAdvanced(let advance):
        state.running[advance.stage] = advance
        if isLive {
          if state.lastDrawn.map({ .now - $0 > .milliseconds(100) }) ?? true { draw(&state) }
        } else if state.lastBeat.map({ .now - $0 > .seconds(30) }) ?? true {
          state.lastBeat = .now
          Console.complain("  \(advance.stage.padded(state.width))  running   \(RunPrinter.words(advance))")
        }
      case .stageEnded(let end):
        state.running[end.stage] = nil
        erase(&state)
        Console.say(line(end, state.width))
        for check in end.failedChecks { Console.complain("  \("".padded(state.width))  check: \(check)") }
        if isLive, !state.running.isEmpty { draw(&state) }
      case .noted(let text):
        erase(&state)
        Console.complain("note: \(text)")
      case .runEnded(let end):
        erase(&state)
        let counts = [StageAction.ran, .reused, .restored, .skipped, .failed, .blocked].compactMap { action in
          end.counts[action].map { "\($0) \(action.rawValue)" }
        }
        if end.outcome == .succeeded {
          Console.say(
            "done in \(end.seconds.fixed(end.seconds < 1 ? 3 : 1)) s: \(counts.joined(separator: ", "))")
        } else if let message = end.message {
          Console.complain(end.exitCode == 0 ? message : "\(end.outcome.rawValue): \(message)")
        }
      }
    }
  }

  private func line(_ end: StageEnd, _ width: Int) -> String {
    var rows = ""
    if end.action == .ran {
      switch (end.rowsIn, end.rowsOut) {
      case (let before?, let after?):
        rows = before == after ? "\(after.grouped) rows" : "\(before.grouped) → \(after.grouped) rows"
      case (nil, let after?): rows = "\(after.grouped) rows"
      default: break
      }
    }
    let seconds = end.action == .ran || end.action == .failed ? "\(end.seconds.fixed(2)) s" : ""
    let extra = [rows, end.remark ?? ""].filter { !$0.isEmpty }.joined(separator: ", ")
    let reason = end.reason.count > 60 ? String(end.reason.prefix(59)) + "…" : end.reason
    var text = "  \(end.stage.padded(width))  \(paint(end.action))  \(seconds.aligned(8))  \(reason)"
    if end.action == .failed || end.action == .blocked {
      text = "  \(end.stage.padded(width))  \(paint(end.action))  \(seconds.aligned(8))  \(end.reason)"
    }
    return extra.isEmpty ? text : "\(text)  (\(extra))"
  }

  private func paint(_ action: StageAction) -> String {
    let word = action.rawValue.padded(8)
    guard colour else { return word }
    switch action {
    case .ran: return "\u{1B}[1m\(word)\u{1B}[0m"
    case .failed, .blocked: return "\u{1B}[1;31m\(word)\u{1B}[0m"
    case .reused, .restored, .skipped: return "\u{1B}[2m\(word)\u{1B}[0m"
    }
  }

  private func draw(_ state: inout State) {
    let parts = state.running.keys.sorted().compactMap { id in
      state.running[id].map { "\(id): \(RunPrinter.words($0))" }
    }
    let text = String(parts.joined(separator: "   ").prefix(max(20, Console.width - 1)))
    Console.draw("\r\u{1B}[K\(text)")
    state.lastDrawn = .now
    state.isDrawn = true
  }

  private func erase(_ state: inout State) {
    guard state.isDrawn else { return }
    Console.draw("\r\u{1B}[K")
    state.isDrawn = false
  }

  private static func words(_ advance: StageAdvance) -> String {
    var text = advance.activity
    if advance.done > 0 {
      text += " " + advance.done.grouped + (advance.total.map { " of \($0.grouped)" } ?? "")
    }
    if let rate = advance.rate, rate >= 1, rate < 1e15 { text += ", \(Int(rate).grouped)/s" }
    if let left = advance.secondsLeft, left >= 1 { text += ", about \(Int(left.rounded())) s left" }
    return text
  }
}

/// A run for programs: one JSON object a line.
final class JSONLines: RunObserver {
  func receive(_ event: RunEvent) {
    guard let object = event.json else { return }
    Console.say(JSONText.line(object))
  }
}
