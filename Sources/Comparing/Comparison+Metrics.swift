package import Fingerprints

extension Comparison {
  /// Takes in what the documents `metrics` say: figures with their intervals, importance and calibration.
  package mutating func compareMetrics(_ old: JSONValue, _ new: JSONValue) {
    func number(_ document: JSONValue, _ path: [String]) -> Double {
      path.reduce(document as JSONValue?) { $0?[$1] }?.double ?? .nan
    }
    func add(_ path: [String], errors: (old: Double, new: Double)? = nil) {
      let (a, b) = (number(old, path), number(new, path))
      guard a != b, !(a.isNaN && b.isNaN) else { return }
      let known = errors.flatMap { $0.old.isFinite && $0.new.isFinite ? $0 : nil }
      metrics.append(MetricChange("metrics." + path.joined(separator: "."), old: a, new: b, errors: known))
    }
    /// The standard error that a 95 % interval stands for.
    func error(_ document: JSONValue, _ name: String) -> Double {
      (number(document, [name, "upper"]) - number(document, [name, "lower"])) / (2 * 1.959963984540054)
    }
    func both(_ value: (JSONValue) -> Double) -> (old: Double, new: Double) { (value(old), value(new)) }
    add(["outOfFold", "logLoss"])
    add(["outOfFold", "rocAuc"], errors: both { error($0, "rocAucInterval") })
    add(["outOfFold", "averagePrecision"])
    add(["outOfFold", "brier"])
    add(["outOfFold", "rows"])
    add(["outOfFold", "events"])
    add(["logLossGain", "value"], errors: both { number($0, ["logLossGainStandardError"]) })
    add(["liftTop10"])
    add(["liftTop20"])
    add(["calibration", "slope"], errors: both { number($0, ["calibration", "slopeStandardError"]) })
    add(["calibration", "intercept"])
    add(["calibration", "inTheLarge"])
    add(["calibration", "meanProbability"])
    add(["calibration", "eventRate"])
    add(["calibration", "miscalibration"])
    add(["calibration", "discrimination"])
    add(["confusion", "threshold"])
    func importances(_ document: JSONValue) -> [(name: String, value: Double, error: Double)] {
      (document["importance"]?.elements ?? []).compactMap { element in
        guard let name = element["feature"]?.text, let value = element["logLossIncrease"]?.double else {
          return nil
        }
        return (name, value, element["standardError"]?.double ?? .nan)
      }
    }
    let (before, after) = (importances(old), importances(new))
    for column in before + after.filter({ found in !before.contains { $0.name == found.name } }) {
      let a = before.first { $0.name == column.name }
      let b = after.first { $0.name == column.name }
      if let a, let b, a.value == b.value { continue }
      var errors: (old: Double, new: Double)?
      if let a, let b, a.error.isFinite, b.error.isFinite { errors = (a.error, b.error) }
      importance.append(
        MetricChange(column.name, old: a?.value ?? .nan, new: b?.value ?? .nan, errors: errors))
    }
  }

  /// Takes in the calibration curves of the documents `curves`; the other points are there to be drawn, and the
  /// metrics say in numbers how they differ.
  package mutating func compareCurves(_ old: JSONValue, _ new: JSONValue) {
    calibration = CalibrationComparison(old, new)
  }

  /// Takes in what the documents `model` are made of: learner, columns, folds, calibration. The trees and
  /// coefficients themselves are compared by what they say of customers.
  package mutating func compareModels(_ old: JSONValue, _ new: JSONValue) {
    func add(_ name: String, _ read: (JSONValue) -> JSONValue?) {
      let (a, b) = (read(old), read(new))
      guard a != b else { return }
      model.append(
        ValueChange(name, old: a.map(DocumentComparison.short), new: b.map(DocumentComparison.short)))
    }
    add("learner") { $0["learner"] }
    for member in ["labelled", "events", "calibration", "resampling"] {
      add("contract.\(member)") { $0["contract"]?[member] }
    }
    add("folds") { $0["assignment"]?["count"] }
    add("seed of the folds") { $0["assignment"]?["seed"] }
    let (before, after) = (columns(of: old), columns(of: new))
    for (name, column) in before {
      let now = after.first { $0.name == name }?.column
      if now == nil { model.append(ValueChange("column \(name)", old: "learnt from", new: nil)) }
      if let now, now != column {
        model.append(ValueChange("column \(name)", old: "encoded", new: "encoded otherwise"))
      }
    }
    for (name, _) in after where !before.contains(where: { $0.name == name }) {
      model.append(ValueChange("column \(name)", old: nil, new: "learnt from"))
    }
    let (folds, others) = (old["folds"]?.elements ?? [], new["folds"]?.elements ?? [])
    for (fold, (a, b)) in zip(folds, others).enumerated() where a["calibration"] != b["calibration"] {
      model.append(
        ValueChange(
          "calibration of fold \(fold)", old: a["calibration"].map(DocumentComparison.short),
          new: b["calibration"].map(DocumentComparison.short)))
    }
    let altered = zip(folds, others).filter { $0["predictor"] != $1["predictor"] }.count
    if altered > 0 {
      model.append(
        ValueChange("fold models", old: "\(folds.count) in all", new: "\(altered) of them differ"))
    }
  }

  private func columns(of model: JSONValue) -> [(name: String, column: JSONValue)] {
    (model["encoding"]?.elements ?? []).compactMap { column in
      column["name"]?.text.map { ($0, column) }
    }
  }
}
