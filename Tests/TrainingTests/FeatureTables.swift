import Clientele
import FoundationEssentials
import Numerics
import Tabular

/// Features tables as `clean` makes them, to train on.
enum FeatureTables {
  /// Made customers: a number with gaps and its state, a protected number, a category, a label with a truth behind it.
  static func made(
    _ rows: Int, folds: Int = 5, policy: MissingPolicy = .keep,
    label: (Int, Double) -> Int64? = { $1 > 0 ? 1 : 0 }
  ) -> Table {
    let generator = CounterGenerator(seed: 11)
    func draw(_ column: Int, _ row: Int) -> Double { generator.deriving(column).uniform(UInt64(row)) }
    let balances = (0..<rows).map { draw(0, $0) < 0.3 ? Double.nan : (draw(1, $0) * 9000).rounded() }
    let ages = (0..<rows).map { Int64(18 + draw(2, $0) * 60) }
    let cities = (0..<rows).map { Int32(draw(3, $0) * 5) }
    var values: [Int64] = []
    var present = Validity()
    for row in 0..<rows {
      var z = -1.5 + Double(ages[row] - 45) / 12
      z += balances[row].isNaN ? -2 : balances[row] / 5000
      z += cities[row] == 2 ? 1.5 : 0
      let value = label(row, logistic(z) - draw(4, row))
      values.append(value ?? 0)
      present.append(value != nil)
    }
    return table(
      keys: (0..<rows).map { "k\($0)" }, labels: IntegerColumn(values, validity: present), folds: folds,
      features: [
        (
          Field("balance", .real, metadata: FeatureFacts(role: .feature, missingPolicy: policy).metadata),
          .real(RealColumn(balances))
        ),
        (
          Field(
            "balance.state", .category, metadata: FeatureFacts(role: .state, stateOf: "balance").metadata),
          .category(
            CategoryColumn(codes: balances.map { $0.isNaN ? 1 : 0 }, dictionary: ["value", "unknown"]))
        ),
        (
          Field("age", .integer, metadata: FeatureFacts(role: .feature, protected: true).metadata),
          .integer(IntegerColumn(ages))
        ),
        (
          Field("city", .category),
          .category(CategoryColumn(codes: cities, dictionary: ["A", "B", "C", "D", "E"]))
        ),
      ])
  }

  /// A table with keys in the order of their bytes and folds by their hash.
  static func table(
    keys: [String], labels: IntegerColumn, folds: Int, features: [(Field, Column)]
  ) -> Table {
    let key = TextColumn(keys)
    let assignment = FoldAssignment(seed: 7, count: folds)
    let whole = Table(
      schema: Schema(
        [Field("key", .text), Field("fold", .integer), Field("label", .integer)].map { field in
          var field = field
          field.metadata = FeatureFacts(role: FeatureRole(rawValue: field.name) ?? .feature).metadata
          return field
        } + features.map(\.0),
        metadata: [FeatureColumn.foldSeed: "7", FeatureColumn.foldCount: "\(folds)"]),
      columns: [.text(key), .integer(IntegerColumn(assignment.folds(of: key))), .integer(labels)]
        + features.map(\.1))
    return whole.taking(key.bytewiseOrder())
  }

  /// One of the shared data sets; `nil` (and a printed reason) where it is absent.
  static func shared(_ path: String, key: [String], target: String, ignoring ignored: [String]) -> Table? {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    guard let text = try? String(contentsOf: root.appending(path: "../shared/data/" + path), encoding: .utf8)
    else {
      print("skipped: \(path) of the shared data sets is not here")
      return nil
    }
    var lines = text.split(whereSeparator: \.isNewline).map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map { field in
        field.drop { $0 == " " || $0 == "\u{FEFF}" }
      }
    }
    let header = lines.removeFirst().map(String.init)
    var features: [(Field, Column)] = []
    var labels: [Int64] = []
    for (index, name) in header.enumerated() where !key.contains(name) || name == "city" {
      let fields = lines.map { String($0[index]) }
      if name == target {
        labels = fields.map { $0 == "1" || $0 == "Yes" ? 1 : 0 }
      } else if !ignored.contains(name) {
        features.append(column(name, fields))
      }
    }
    let places = key.compactMap { header.firstIndex(of: $0) }
    let keys = lines.map { line in CustomerKey.join(places.map { String(line[$0]) }) }
    return table(keys: keys, labels: IntegerColumn(labels), folds: 5, features: features)
  }

  private static func column(_ name: String, _ fields: [String]) -> (Field, Column) {
    let numbers = fields.map { $0.isEmpty ? Double.nan : Double($0) }
    let present = numbers.compactMap { $0 }
    if present.count == fields.count { return (Field(name, .real), .real(RealColumn(present))) }
    let dictionary = Set(fields.filter { !$0.isEmpty }).sorted()
    let codes = Dictionary(uniqueKeysWithValues: dictionary.enumerated().map { ($1, Int32($0)) })
    return (
      Field(name, .category),
      .category(CategoryColumn(codes: fields.map { codes[$0] ?? -1 }, dictionary: dictionary))
    )
  }
}
