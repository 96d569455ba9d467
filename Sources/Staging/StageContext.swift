package import Clientele

/// How far a stage is, for a person at a terminal; never part of a result.
package struct StageProgress: Sendable {
  /// What it is doing, in a word or two.
  package var activity: String
  /// Rows (or rounds) done.
  package var done: Int
  /// Of how many, where known.
  package var total: Int?

  /// A report of progress.
  package init(_ activity: String, done: Int, total: Int? = nil) {
    self.activity = activity
    self.done = done
    self.total = total
  }
}

/// What a stage is handed besides its inputs and parameters.
package struct StageContext: Sendable {
  /// Seed of all random numbers of this stage; the run's seed and the stage's name are in it.
  package let seed: UInt64
  /// Threads it may use. Results never depend on it.
  package let threads: Int
  /// The contracts of the sources by name, as much of them as the declaration asks for.
  package let contracts: [String: SourceContract]
  /// Takes reports of progress.
  package let progress: @Sendable (StageProgress) -> Void

  /// A context.
  package init(
    seed: UInt64, threads: Int, contracts: [String: SourceContract] = [:],
    progress: @escaping @Sendable (StageProgress) -> Void = { _ in }
  ) {
    self.seed = seed
    self.threads = threads
    self.contracts = contracts
    self.progress = progress
  }
}

/// How bad it is that a check fails.
package enum CheckSeverity: String, Sendable, Codable {
  /// Said, and the run goes on.
  case warn
  /// The stage's outputs are kept for inspection, are not read further and never become `latest`.
  case stop
}

/// What a check is about; decides the exit code of a run it stops.
package enum CheckSubject: String, Sendable, Codable {
  /// The data: exit code 3.
  case data
  /// The model: exit code 4.
  case model
}

/// The outcome of one check.
package struct CheckOutcome: Sendable, Equatable, Codable {
  /// Its name, stable.
  package var id: String
  /// What it is about.
  package var subject: CheckSubject
  /// How bad it is that it fails.
  package var severity: CheckSeverity
  /// Whether it holds.
  package var passed: Bool
  /// What was seen against what was asked, in a sentence; where and how to mend it if it fails.
  package var message: String

  /// An outcome.
  package init(
    id: String, subject: CheckSubject, severity: CheckSeverity, passed: Bool, message: String
  ) {
    self.id = id
    self.subject = subject
    self.severity = severity
    self.passed = passed
    self.message = message
  }
}

/// What a stage says it did.
package struct StageSummary: Sendable, Equatable {
  /// Rows read; `nil` where rows mean nothing.
  package var rowsIn: Int?
  /// Rows written; `nil` where rows mean nothing.
  package var rowsOut: Int?
  /// One short remark for the stage's line, such as "AUC .867".
  package var remark: String?
  /// Numbers to follow over runs.
  package var metrics: [String: Double]
  /// Checks made.
  package var checks: [CheckOutcome]

  /// A summary.
  package init(
    rowsIn: Int? = nil, rowsOut: Int? = nil, remark: String? = nil, metrics: [String: Double] = [:],
    checks: [CheckOutcome] = []
  ) {
    self.rowsIn = rowsIn
    self.rowsOut = rowsOut
    self.remark = remark
    self.metrics = metrics
    self.checks = checks
  }
}
