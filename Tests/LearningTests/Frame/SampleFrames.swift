import FoundationEssentials
import Learning
import Numerics

/// Frames the tests learn from.
enum SampleFrames {
  /// Made customers: numbers, one with gaps, two categories; labels with a nonlinear truth.
  static func made(_ rows: Int, seed: UInt64 = 1) -> (frame: FeatureFrame, labels: [Double]) {
    let generator = CounterGenerator(seed: seed, label: "sample")
    func draws(_ column: Int) -> [Double] {
      (0..<rows).map { generator.deriving(column).uniform(UInt64($0)) }
    }
    let (age, balance, gap, city, plan, noise) = (draws(0), draws(1), draws(2), draws(3), draws(4), draws(5))
    let label = draws(6)
    let balances = (0..<rows).map { gap[$0] < 0.3 ? Double.nan : (balance[$0] * 1000).rounded() }
    let labels = (0..<rows).map { row -> Double in
      var z = -2.5 + 8 * (age[row] - 0.5) * (age[row] - 0.5)
      z += city[row] < 0.25 ? 1.2 : 0
      z += balances[row].isNaN ? -1 : balances[row] / 800
      z += plan[row] > 0.9 ? 2 : 0
      return label[row] < logistic(z) ? 1 : 0
    }
    let frame = FeatureFrame(
      rows: rows,
      columns: [
        .numeric(age.map { ($0 * 60 + 18).rounded() }), .numeric(balances),
        .categorical(codes: city.map { Int32($0 * 8) }, levels: 8), .numeric(noise),
        .categorical(codes: plan.map { $0 < 0.1 ? -1 : Int32($0 * 10) }, levels: 12),
      ])
    return (frame, labels)
  }

  /// All rows of a frame.
  static func all(_ rows: Int) -> [Int32] { (0..<Int32(rows)).map { $0 } }

  /// The mean log-loss of log-odds.
  static func loss(_ scores: [Double], _ labels: [Double]) -> Double {
    var sum = 0.0
    for (score, label) in zip(scores, labels) { sum += logOnePlusExponential(score) - label * score }
    return sum / Double(scores.count)
  }

  /// The fields of a file of the shared data sets by column name; `nil` (and a printed reason) where it is absent.
  static func shared(_ path: String) -> [String: [String]]? {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let file = root.appending(path: "../shared/data/" + path)
    guard let text = try? String(contentsOf: file, encoding: .utf8) else {
      print("skipped: \(path) of the shared data sets is not here")
      return nil
    }
    var columns: [[String]] = []
    var names: [String] = []
    for line in text.split(whereSeparator: \.isNewline) {
      let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      if names.isEmpty {
        names = fields
        columns = fields.map { _ in [] }
      } else {
        for (index, field) in fields.enumerated() { columns[index].append(field) }
      }
    }
    return Dictionary(uniqueKeysWithValues: zip(names, columns))
  }
}
