package import Fingerprints

/// What became of a stage in a run.
package enum StageAction: String, Sendable {
  /// Executed.
  case ran
  /// Its current result is the right one.
  case reused
  /// An older result is the right one and becomes current.
  case restored
  /// Had nothing to do, or could not be reached.
  case skipped
  /// Gave up.
  case failed
  /// A check stopped the run, one of its own or a declared one; its outputs are kept and go no further.
  case blocked
}

/// How a run ended.
package enum RunOutcome: String, Sendable {
  case succeeded
  case failed
  /// Never began: usage, configuration, a source, the lock, integrity.
  case refused
  /// A check stopped it.
  case blocked
  case interrupted
}

/// A run begins.
package struct RunStart: Sendable {
  /// Its id; empty for a dry run.
  package var run: String
  /// The pipeline's name.
  package var pipeline: String
  /// The profile's name.
  package var profile: String
  /// The stages selected, in the order they are looked at.
  package var stages: [String]
  /// Threads it may use.
  package var threads: Int
}

/// A stage begins to execute.
package struct StageStart: Sendable {
  /// The stage.
  package var stage: String
  /// Why.
  package var reason: String
  /// Seconds it took last time, where it ran before.
  package var secondsBefore: Double?
}

/// A stage goes on.
package struct StageAdvance: Sendable {
  /// The stage.
  package var stage: String
  /// What it is doing.
  package var activity: String
  /// Rows or rounds done.
  package var done: Int
  /// Of how many, where known.
  package var total: Int?
  /// Done a second, since this activity began.
  package var rate: Double?
  /// Seconds to the end of the stage, guessed from last time or from what is left.
  package var secondsLeft: Double?

  /// An advance.
  package init(
    stage: String, activity: String, done: Int, total: Int?, rate: Double?, secondsLeft: Double?
  ) {
    self.stage = stage
    self.activity = activity
    self.done = done
    self.total = total
    self.rate = rate
    self.secondsLeft = secondsLeft
  }
}

/// A stage has ended, or needed no execution.
package struct StageEnd: Sendable {
  /// The stage.
  package var stage: String
  /// What became of it.
  package var action: StageAction
  /// Why, for people.
  package var reason: String
  /// Why, as stable words: `firstRun`, `parameter:rank.gamma`, `input:features`, `code`, `forced`,
  /// `outputMissing`, `outputCorrupt`, `unchanged`, `older`, `notApplicable`, `check`, ….
  package var reasonCodes: [String]
  /// Rows read.
  package var rowsIn: Int?
  /// Rows written.
  package var rowsOut: Int?
  /// Seconds it took; 0 where it did not execute.
  package var seconds: Double
  /// A short remark of the stage's own.
  package var remark: String?
  /// Checks that failed, in sentences; `stop` first.
  package var failedChecks: [String]
  /// All checks made of its result, its own first.
  package var checks: [CheckReport]
}

/// A run has ended.
package struct RunEnd: Sendable {
  /// Its id; empty where it was refused before it had one.
  package var run: String
  /// How it ended.
  package var outcome: RunOutcome
  /// 0 good, 1 failed, 2 usage or configuration, 3 data check, 4 model check, 5 locked, 6 integrity,
  /// 130 interrupted, 143 terminated.
  package var exitCode: Int32
  /// What went wrong, with its remedy; `nil` where nothing did.
  package var message: String?
  /// Seconds from start to end.
  package var seconds: Double
  /// Stages by what became of them.
  package var counts: [StageAction: Int]
}

/// What a run tells those who watch it, in the order it happens.
package enum RunEvent: Sendable {
  case runStarted(RunStart)
  case stageStarted(StageStart)
  case stageAdvanced(StageAdvance)
  case stageEnded(StageEnd)
  /// Something a person should know, which changes nothing.
  case noted(String)
  case runEnded(RunEnd)
}

/// Watches a run. Called from the threads of the run, one call at a time; must not wait long.
package protocol RunObserver: Sendable {
  /// Takes the next event.
  func receive(_ event: RunEvent)
}

extension RunEvent {
  /// The event as one line of `run --json`; `nil` for those that are for a terminal only.
  package var json: JSONValue? {
    func number(_ value: Int?) -> JSONValue { value.map { .number(Double($0)) } ?? .null }
    switch self {
    case .runStarted(let start):
      return [
        "event": "start", "run": .string(start.run), "pipeline": .string(start.pipeline),
        "profile": .string(start.profile), "stages": .list(start.stages.map(JSONValue.string)),
      ]
    case .stageEnded(let end):
      return [
        "event": "stage", "stage": .string(end.stage), "action": .string(end.action.rawValue),
        "reason": .string(end.reason), "reasonCodes": .list(end.reasonCodes.map(JSONValue.string)),
        "rowsIn": number(end.rowsIn), "rowsOut": number(end.rowsOut),
        "seconds": .number((end.seconds * 1000).rounded() / 1000),
        "remark": end.remark.map { .string($0) } ?? .null,
        "failedChecks": .list(end.failedChecks.map(JSONValue.string)),
        "checks": .list(end.checks.map(\.json)),
      ]
    case .noted(let text): return ["event": "note", "text": .string(text)]
    case .runEnded(let end):
      return [
        "event": "run", "run": .string(end.run), "outcome": .string(end.outcome.rawValue),
        "exitCode": .number(Double(end.exitCode)), "message": end.message.map { .string($0) } ?? .null,
        "seconds": .number((end.seconds * 1000).rounded() / 1000),
      ]
    case .stageStarted, .stageAdvanced: return nil
    }
  }
}
