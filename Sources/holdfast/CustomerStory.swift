import Catalog
import Clientele
import Columnar
import Findings
import Fingerprints
import Pipeline
import Ranking
import Staging
import Tabular

/// All that a run says of one customer: as read, repaired, described, scored, valued, ranked.
struct CustomerStory {
  /// One value in words.
  struct Fact: Equatable {
    var name: String
    var value: String?
    var json: JSONValue
  }

  /// The run it is of.
  let run: String
  /// The row as ingest read it.
  private(set) var read: [Fact] = []
  /// What was repaired: column, before, after, rule.
  private(set) var repairs: [(column: String, old: String?, new: String?, rule: String)] = []
  /// The features, as the model and the ranking see them.
  private(set) var features: [Fact] = []
  /// Fold, score and probability.
  private(set) var prediction: [Fact] = []
  /// The parts of ΔEV.
  private(set) var terms: [Fact] = []
  /// The row of the ranking.
  private(set) var ranking: [Fact] = []
  /// Whether the customer stands in any table of the run.
  var isKnown: Bool { !read.isEmpty || !features.isEmpty || !ranking.isEmpty }

  /// The story of the customer `key` in a run. Reads each table's keys and then one row of it.
  init(_ past: PastArtifacts, _ run: PastRun, key: String) throws {
    self.run = run.id
    func table(_ name: String) throws -> MappedTable? {
      try run.output(name).map { try past.table(name, $0) }
    }
    if let customers = try table("customers"),
      case let names = run.stages.keyColumns(in: customers.schema), !names.isEmpty,
      let row = CustomerStory.search(
        CustomerKey.column(try customers.table(columns: names).columns), key)
    {
      read = try CustomerStory.facts(customers, row)
    }
    if let found = try table("repairs") { repairs = try CustomerStory.repairs(found, key) }
    var featureRow: Int?
    if let found = try table("features") {
      let keys = try found.table(columns: [FeatureColumn.key]).texts(FeatureColumn.key)
      featureRow = keys.row(ofKey: key)
      if let featureRow { features = try CustomerStory.facts(found, featureRow, but: [FeatureColumn.key]) }
    }
    if let featureRow, let found = try table("predictions"), featureRow < found.rowCount {
      prediction = try CustomerStory.facts(found, featureRow, but: [PredictionColumn.key])
    }
    if let found = try table("ranking"),
      let row = CustomerStory.search(
        try found.table(columns: [RankingColumn.key]).texts(RankingColumn.key), key)
    {
      ranking = try CustomerStory.facts(found, row, but: [RankingColumn.key])
      if let stage = run.stages.first(where: { $0.stage == "rank" }) { terms = valued(stage) }
    }
  }

  /// The value of ΔEV = pγ(V−d) − (1−p)(ψd+wV) − f term by term, by the assumptions the run recorded.
  private func valued(_ stage: PastStage) -> [Fact] {
    let declared = RankStage.declaration.parameters
    let given = (stage.preimage["parameters"]?.members ?? [:]).filter { name, _ in
      declared.contains { $0.name == name }
    }
    guard let values = try? ParameterValues(declared, given: given),
      let parameters = try? RankParameters(values), let p = number(RankingColumn.probability),
      let value = number(RankingColumn.value)
    else { return [] }
    let offer = parameters.offer
    let stay = 1 - p
    func fact(_ name: String, _ number: Double) -> Fact {
      Fact(name: name, value: CustomerStory.words(number), json: .number(number))
    }
    return [
      fact("p, probability of leaving", p), fact("V, value if kept", value),
      fact("γ, share that stays if acted on", offer.saveRate),
      fact("ψ, share of stayers that takes the offer", offer.takeRate),
      fact("w, share of stayers driven away", offer.harmRate), fact("d, cost of the offer", offer.offerCost),
      fact("f, cost of the contact", offer.contactCost),
      fact("pγ(V−d), kept", p * offer.saveRate * (value - offer.offerCost)),
      fact("−(1−p)ψd, offers wasted", -stay * offer.takeRate * offer.offerCost),
      fact("−(1−p)wV, driven away", -stay * offer.harmRate * value), fact("−f, contact", -offer.contactCost),
      fact("ΔEV, their sum", ExpectedValue(probability: p, value: value, offer).net),
    ]
  }

  private func number(_ name: String) -> Double? { ranking.first { $0.name == name }?.json.double }

  // MARK: looking up

  /// The first row that holds `key`, whatever the rows' order.
  private static func search(_ keys: TextColumn, _ key: String) -> Int? {
    let wanted = Array(key.utf8)
    let (offsets, bytes) = (keys.offsets, keys.bytes)
    for row in 0..<keys.count where Int(offsets[row + 1]) - Int(offsets[row]) == wanted.count {
      let start = Int(offsets[row])
      var place = 0
      while place < wanted.count, bytes[start + place] == wanted[place] { place += 1 }
      if place == wanted.count { return row }
    }
    return nil
  }

  private static func facts(_ table: MappedTable, _ row: Int, but left: Set<String> = []) throws -> [Fact] {
    let found = try table.table(rows: row..<(row + 1))
    return zip(found.schema.fields, found.columns).compactMap { field, column in
      guard !left.contains(field.name) else { return nil }
      let json: JSONValue =
        switch column {
        case .real(let values): column.isPresent(0) ? .number(values.values[0]) : .null
        case .integer(let values): column.isPresent(0) ? .number(Double(values.values[0])) : .null
        default: column.display(0).map { .string($0) } ?? .null
        }
      if case .real(let values) = column, column.isPresent(0) {
        return Fact(name: field.name, value: words(values.values[0]), json: json)
      }
      return Fact(name: field.name, value: column.display(0), json: json)
    }
  }

  private static func repairs(
    _ table: MappedTable, _ key: String
  ) throws -> [(column: String, old: String?, new: String?, rule: String)] {
    guard table.rowCount > 0 else { return [] }
    let keys = try table.table(columns: [RepairColumn.key]).texts(RepairColumn.key)
    // In key order: all of one customer's stand together.
    guard var row = keys.row(ofKey: key) else { return [] }
    var found: [(column: String, old: String?, new: String?, rule: String)] = []
    while row < keys.count, keys.text(row) == key {
      let values = try table.table(rows: row..<(row + 1))
      func text(_ name: String) throws -> String? { try values.column(name).display(0) }
      found.append(
        (
          try text(RepairColumn.column) ?? "the row", try text(RepairColumn.old), try text(RepairColumn.new),
          try text(RepairColumn.rule) ?? ""
        ))
      row += 1
    }
    return found
  }

  private static func words(_ number: Double) -> String {
    if number == number.rounded(), abs(number) < 1e12 { return Wording.decimals(number, 0) }
    return Wording.decimals(number, abs(number) >= 100 ? 2 : abs(number) >= 1 ? 4 : 6)
  }

  // MARK: for programs

  /// The sections with their facts, in the order of the story.
  var sections: [(title: String, name: String, facts: [Fact])] {
    [
      ("as read", "read", read), ("features", "features", features), ("score", "prediction", prediction),
      ("what acting is worth", "terms", terms), ("ranking", "ranking", ranking),
    ]
  }

  /// The story for programs, beside an earlier one where there is one.
  func json(key: String, before: CustomerStory?) -> JSONValue {
    func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
    func members(_ facts: [Fact]) -> JSONValue {
      .object(Dictionary(facts.map { ($0.name, $0.json) }, uniquingKeysWith: { first, _ in first }))
    }
    var document: [String: JSONValue] = [
      "schema": "holdfast.customer/v1", "key": .string(key), "run": .string(run),
      "repairs": .list(
        repairs.map {
          ["column": .string($0.column), "old": text($0.old), "new": text($0.new), "rule": .string($0.rule)]
        }),
    ]
    for section in sections { document[section.name] = members(section.facts) }
    document["before"] =
      before.map { before in
        var members: [String: JSONValue] = [
          "run": .string(before.run), "known": .bool(before.isKnown),
        ]
        for (now, then) in zip(sections, before.sections) {
          var changed: [String: JSONValue] = [:]
          for fact in now.facts {
            let old = then.facts.first { $0.name == fact.name }?.json ?? .null
            if old != fact.json { changed[fact.name] = old }
          }
          for fact in then.facts where !now.facts.contains(where: { $0.name == fact.name }) {
            changed[fact.name] = fact.json
          }
          members[now.name] = .object(changed)
        }
        return .object(members)
      } ?? .null
    return .object(document)
  }
}
