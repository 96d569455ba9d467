package import Fingerprints

/// What is known of a run when it begins.
package struct RunFacts: Sendable {
  /// The pipeline's name.
  package var pipeline: String
  /// The profile, which is the channel its results are current in.
  package var profile: String
  /// `pipeline.json` and the stages' declarations as in force.
  package var declarations: JSONValue
  /// The command line.
  package var arguments: [String]
  /// Values set for this run alone.
  package var overrides: [String]
  /// Version and digest of the program, compiler, system.
  package var program: JSONValue
  /// The machine.
  package var host: String
  /// The user.
  package var actor: String
  /// The process.
  package var pid: Int
  /// When, ISO 8601 in UTC.
  package var at: String

  /// Facts.
  package init(
    pipeline: String, profile: String, declarations: JSONValue, arguments: [String], overrides: [String],
    program: JSONValue, host: String, actor: String, pid: Int, at: String
  ) {
    self.pipeline = pipeline
    self.profile = profile
    self.declarations = declarations
    self.arguments = arguments
    self.overrides = overrides
    self.program = program
    self.host = host
    self.actor = actor
    self.pid = pid
    self.at = at
  }
}

/// A run's name.
package struct RunIdentity: Sendable, Equatable {
  /// Its number in the catalog, from 1.
  package var seq: Int64
  /// Its id: `r` and the number.
  package var id: String
}

/// A stage that took over an earlier result.
struct ReuseRecord: Sendable {
  var run: RunIdentity
  var stage: String
  var key: String
  /// What the key was made of, in canonical JSON.
  var preimage: String
  /// The execution that made the result.
  var earlier: Int64
  /// `reused`, `restored` or `blocked`.
  var action: String
  var reason: String
  var checks: [CheckRecord]
  var at: String
}

/// One output of a stage, as it lies in the store.
package struct OutputRecord: Sendable, Equatable {
  /// The artifact's name.
  package var name: String
  /// `table`, `document`, `page` or `file`.
  package var kind: String
  /// Name and version of its format.
  package var format: String
  /// The file's name under `latest/<stage>/`.
  package var fileName: String
  /// Digest of its bytes.
  package var digest: Digest
  /// Number of its bytes.
  package var bytes: Int
  /// For a table: its rows.
  package var rows: Int?
  /// For a table: names and types of its columns.
  package var columns: JSONValue?
  /// What it holds: `raw-PII`, `derived-PII`, `model`, `report` or `metric`.
  package var dataClass: String

  /// A record; what says nothing else holds what was made of persons' data.
  package init(
    name: String, kind: String, format: String, fileName: String, digest: Digest, bytes: Int, rows: Int?,
    columns: JSONValue?, dataClass: String = "derived-PII"
  ) {
    self.name = name
    self.kind = kind
    self.format = format
    self.fileName = fileName
    self.digest = digest
    self.bytes = bytes
    self.rows = rows
    self.columns = columns
    self.dataClass = dataClass
  }
}

/// The outcome of one check.
package struct CheckRecord: Sendable, Equatable {
  /// Its name.
  package var id: String
  /// `data` or `model`.
  package var subject: String
  /// `warn` or `stop`.
  package var severity: String
  /// Whether it held.
  package var passed: Bool
  /// In a sentence.
  package var message: String

  /// A record.
  package init(id: String, subject: String, severity: String, passed: Bool, message: String) {
    self.id = id
    self.subject = subject
    self.severity = severity
    self.passed = passed
    self.message = message
  }
}

/// What a stage left behind, to be recorded in one transaction.
package struct StageCommit: Sendable {
  /// `good`, `skipped`, `blocked` or `failed`.
  package var status: String
  /// Inputs by name with the digests of the bytes read.
  package var inputs: [(name: String, digest: Digest)] = []
  /// Outputs; none where it failed or was skipped.
  package var outputs: [OutputRecord] = []
  /// Parameters in force.
  package var parameters: [String: JSONValue] = [:]
  /// Numbers to follow.
  package var metrics: [String: Double] = [:]
  /// Checks made.
  package var checks: [CheckRecord] = []
  /// Seconds it took.
  package var seconds: Double
  /// Seconds of processor time, where measured.
  package var cpuSeconds: Double?
  /// Memory at most, in units of 1,024 bytes, where measured.
  package var peakKilobytes: Int?
  /// Rows read.
  package var rowsIn: Int?
  /// Rows written.
  package var rowsOut: Int?
  /// A short remark.
  package var remark: String?
  /// Why it failed or was skipped.
  package var message: String?
  /// When it ended.
  package var at: String

  /// A commit.
  package init(status: String, seconds: Double, at: String) {
    self.status = status
    self.seconds = seconds
    self.at = at
  }
}

/// An earlier result of a stage.
package struct StageResult: Sendable {
  /// Its number.
  package var id: Int64
  /// `good`, `skipped` or `blocked`.
  package var status: String
  /// What it made.
  package var outputs: [(name: String, digest: Digest)]
  /// Rows read.
  package var rowsIn: Int?
  /// Rows written.
  package var rowsOut: Int?
  /// A short remark.
  package var remark: String?
  /// Why it was skipped.
  package var message: String?
  /// Checks made.
  package var checks: [CheckRecord]
  /// Numbers to follow.
  package var metrics: [String: Double]
}

/// A version of an artifact.
package struct VersionRecord: Sendable, Equatable {
  /// The artifact.
  package var name: String
  /// From 1; the same content is the same version.
  package var version: Int
  /// Digest of its bytes.
  package var digest: Digest
  /// Number of its bytes.
  package var bytes: Int
  /// For a table: its rows.
  package var rows: Int?
  /// `table`, `document`, `page` or `file`.
  package var kind: String
  /// The stage that makes it.
  package var stage: String
  /// The file's name under `latest/<stage>/`.
  package var fileName: String
  /// The run it was first made in.
  package var madeIn: String
  /// When.
  package var createdAt: String
}

/// A run as the log shows it.
package struct RunSummary: Sendable, Equatable {
  /// Its number.
  package var seq: Int64
  /// Its id.
  package var id: String
  /// Its profile.
  package var profile: String
  /// How it ended, or `running`.
  package var status: String
  /// When it began.
  package var startedAt: String
  /// When it ended.
  package var endedAt: String?
  /// Its exit code.
  package var exitCode: Int?
  /// What went wrong.
  package var message: String?
  /// Its stages with what became of each, in order.
  package var stages: [(stage: String, status: String, reason: String, seconds: Double?)]

  package static func == (left: RunSummary, right: RunSummary) -> Bool {
    left.seq == right.seq && left.status == right.status && left.endedAt == right.endedAt
  }
}
