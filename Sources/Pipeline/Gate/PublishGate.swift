import Catalog
import Columnar
import Fingerprints
import Staging
import Tabular

/// Holds the declared checks against a stage's stored result, whether it was just made or is an earlier
/// one: a check that is changed is made anew without the stage executing.
struct PublishGate {
  let archive: Archive
  let checks: [CheckDeclaration]
  /// The profile's channel: what is current there is what changes are measured against.
  let channel: String
  /// What is current in it, by artifact.
  let heads: [String: Digest]

  /// A result to be judged.
  struct Subject {
    let stage: String
    let metrics: [String: Double]
    /// Digests by artifact.
    let outputs: [String: Digest]
  }

  /// The outcome of every check declared of the stage, in order of names.
  func reports(_ subject: Subject) throws -> [CheckReport] {
    try checks.filter { $0.stage == subject.stage }.map { try report($0, subject) }
  }

  private func report(_ check: CheckDeclaration, _ subject: Subject) throws -> CheckReport {
    var report = CheckReport(
      id: check.id, subject: check.subject, severity: check.severity, passed: true, message: "",
      declaredAt: check.place)
    var faults: [String] = []
    if case .columns(let artifact, let types) = check.measure {
      faults = try columnFaults(types, try table(artifact, subject.outputs))
      report.message = "\(check.what) are as asked"
    } else {
      switch try value(check, subject.metrics, subject.outputs) {
      case .failure(let absence): faults = [absence.sentence]
      case .success(let observed):
        report.observed = observed
        let before = check.bounds.contains { $0.comparison.isChange } ? try current(check) : nil
        faults = check.bounds.compactMap { $0.fault(observed, before: before) }
        report.message = "\(check.what) is \(shown(observed))"
        if check.bounds.contains(where: \.comparison.isChange), before == nil {
          report.message += "; nothing is current to hold it against"
        }
        if !faults.isEmpty { faults[0] = "\(report.message), " + faults[0] }
      }
    }
    guard !faults.isEmpty else { return report }
    report.passed = false
    report.message =
      "check \"\(check.name)\" (\(check.place)) of stage \(check.stage): \(faults.joined(separator: ", ")); "
      + "mend what brought it about, or the check, and run again: a changed check makes no stage execute"
    return report
  }

  // MARK: what is measured

  private struct Absence: Error { let sentence: String }

  private func value(
    _ check: CheckDeclaration, _ metrics: [String: Double], _ outputs: [String: Digest]
  ) throws -> Result<Double, Absence> {
    switch check.measure {
    case .metric(let name):
      if let value = metrics[name], value.isFinite { return .success(value) }
      let known = metrics.keys.sorted()
      return .failure(
        Absence(
          sentence: "the stage reports no metric \(quoted(name)), but "
            + (known.isEmpty ? "none" : known.joined(separator: ", "))))
    case .rows(let artifact): return .success(Double(try table(artifact, outputs).rowCount))
    case .missing(let artifact, let column):
      let mapped = try table(artifact, outputs)
      guard mapped.schema.fields.contains(where: { $0.name == column }) else {
        return .failure(Absence(sentence: "\(artifact) has no column \(quoted(column))"))
      }
      let missing = try mapped.table(columns: [column]).columns.first?.missingCount ?? 0
      return .success(mapped.rowCount == 0 ? 0 : Double(missing) / Double(mapped.rowCount))
    case .columns: preconditionFailure("columns are no number")
    }
  }

  /// The same of what is current; `nil` where nothing is, or it cannot be measured there.
  private func current(_ check: CheckDeclaration) throws -> Double? {
    switch check.measure {
    case .metric(let name):
      return try archive.publishedMetrics(of: check.stage, channel: channel)[name]
    case .rows(let artifact), .missing(let artifact, _):
      guard let digest = heads[artifact], try archive.condition(of: digest) == .good else { return nil }
      return try? value(check, [:], heads).get()
    case .columns: return nil
    }
  }

  private func table(_ artifact: String, _ outputs: [String: Digest]) throws -> MappedTable {
    guard let digest = outputs[artifact] else {
      throw PipelineError(.failed, "\"\(artifact)\", which a check is about, was not made")
    }
    return try MappedTable(path: archive.path(of: digest))
  }

  private func columnFaults(_ types: [String: String], _ table: MappedTable) throws -> [String] {
    types.keys.sorted().compactMap { name in
      guard let field = table.schema.fields.first(where: { $0.name == name }) else {
        return "there is no column \(quoted(name))"
      }
      return field.type.rawValue == types[name]
        ? nil : "column \(quoted(name)) is \(field.type.rawValue), \(types[name] ?? "") is asked"
    }
  }
}

extension CheckDeclaration.Bound {
  /// What is wrong with `observed`, in words; `nil` where nothing is. Without a value `before` a bound of
  /// change holds.
  func fault(_ observed: Double, before: Double?) -> String? {
    let asked = "\(comparison.rawValue) \(shown(limit)) is asked"
    switch comparison {
    case .atLeast: return observed >= limit ? nil : asked
    case .atMost: return observed <= limit ? nil : asked
    case .riseAtMost, .fallAtMost, .riseShareAtMost, .fallShareAtMost:
      guard let before else { return nil }
      let isRise = comparison == .riseAtMost || comparison == .riseShareAtMost
      let isShare = comparison == .riseShareAtMost || comparison == .fallShareAtMost
      let change = isRise ? observed - before : before - observed
      return change <= (isShare ? limit * abs(before) : limit)
        ? nil : "\(shown(before)) is current, \(asked)"
    }
  }
}

/// A number as short as it can be written.
private func shown(_ number: Double) -> String {
  String(decoding: CanonicalJSON.encode(.number(number)), as: UTF8.self)
}
