import Catalog
import Clientele
import Columnar
import Findings
import Fingerprints
import Pipeline
import Ranking
import Staging
import Tabular

/// All that a run says of one customer: as read, repaired, described, scored, explained, valued, ranked.
///
/// Of each table one row is read, found in the keys as they are stored: a million customers take milliseconds.
struct CustomerStory {
  /// One value: its stable name for programs, and its words for people.
  struct Fact: Equatable {
    var name: String
    var label: String
    var value: String?
    var json: JSONValue

    init(_ name: String, label: String? = nil, value: String?, json: JSONValue) {
      (self.name, self.label, self.value, self.json) = (name, label ?? name, value, json)
    }

    init(_ name: String, label: String, _ number: Double) {
      self.init(name, label: label, value: CustomerStory.words(number), json: .number(number))
    }
  }

  /// A repair of one value; no column where the whole row was taken out.
  struct Repair: Equatable {
    var column: String?
    var old: String?
    var new: String?
    var rule: String
  }

  /// The run it is of.
  let run: String
  /// The row as ingest read it.
  private(set) var read: [Fact] = []
  /// What was repaired.
  private(set) var repairs: [Repair] = []
  /// The features, as the model and the ranking see them.
  private(set) var features: [Fact] = []
  /// Fold, score and probability.
  private(set) var prediction: [Fact] = []
  /// Why the score is what it is; `nil` where nothing was scored.
  private(set) var reasons: CustomerReasons?
  /// The parts of ΔEV.
  private(set) var terms: [Fact] = []
  /// The row of the ranking.
  private(set) var ranking: [Fact] = []
  /// How many customers are ranked.
  private(set) var ranked = 0
  /// What the run's tables are.
  private let tables: [String: Digest]
  /// Whether the customer stands in any table of the run.
  var isKnown: Bool { !read.isEmpty || !features.isEmpty || !ranking.isEmpty }

  /// The story of the customer `key` in a run. What `other`, of the same customer, read of the same tables is not
  /// read again.
  init(
    _ past: PastArtifacts, _ run: PastRun, key: String, _ grounds: CustomerGrounds,
    beside other: CustomerStory? = nil
  ) throws {
    self.run = run.id
    func table(_ name: String) throws -> MappedTable? {
      try run.output(name).map { try past.table(name, $0) }
    }
    tables = CustomerStory.tables(of: run)
    if let other, other.tables == tables {
      (read, repairs) = (other.read, other.repairs)
      (features, prediction, reasons) = (other.features, other.prediction, other.reasons)
    } else {
      try look(grounds, run, key, table, beside: other)
    }
    if let found = try table("ranking"), let row = try found.row(holding: key, in: RankingColumn.key) {
      ranking = try CustomerStory.facts(found, row, but: [RankingColumn.key])
      ranked = found.rowCount
      if let stage = run.stages.first(where: { $0.stage == "rank" }) { terms = valued(stage) }
    }
  }

  /// What a run's story is read from, but for its ranking: two runs of the same tell the same.
  static func tables(of run: PastRun) -> [String: Digest] {
    var made: [String: Digest] = [:]
    for name in ["customers", "repairs", "features", "predictions"] { made[name] = run.output(name) }
    made["model"] = run.stage("score")?.inputs["model"]
    return made
  }

  /// Takes in what the run read, repaired, described and scored.
  private mutating func look(
    _ grounds: CustomerGrounds, _ run: PastRun, _ key: String, _ table: (String) throws -> MappedTable?,
    beside other: CustomerStory?
  ) throws {
    if let customers = try table("customers"),
      case let names = run.stages.keyColumns(in: customers.schema), !names.isEmpty,
      let row = try CustomerStory.row(of: key, in: customers, names)
    {
      read = try CustomerStory.facts(customers, row)
    }
    if let found = try table("repairs") { repairs = try CustomerStory.repairs(found, key) }
    if let found = try table("features"),
      let row = try found.row(holding: key, in: FeatureColumn.key, isAscending: true)
    {
      features = try CustomerStory.facts(found, row, but: [FeatureColumn.key])
      if let predictions = try table("predictions"), row < predictions.rowCount {
        prediction = try CustomerStory.facts(predictions, row, but: [PredictionColumn.key])
        reasons = try CustomerReasons(grounds, run, found, row: row, beside: other?.reasons)
      }
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
    return [
      Fact("probability", label: "p, probability of leaving", p),
      Fact("value", label: "V, worth if kept", value),
      Fact("saveRate", label: "γ, share of leavers that stays if acted on", offer.saveRate),
      Fact("takeRate", label: "ψ, share of stayers that takes the offer", offer.takeRate),
      Fact("harmRate", label: "w, share of stayers driven away", offer.harmRate),
      Fact("offerCost", label: "d, cost of the offer", offer.offerCost),
      Fact("contactCost", label: "f, cost of the contact", offer.contactCost),
      Fact("kept", label: "pγ(V−d), kept", p * offer.saveRate * (value - offer.offerCost)),
      Fact("wasted", label: "−(1−p)ψd, offers wasted", -stay * offer.takeRate * offer.offerCost),
      Fact("drivenAway", label: "−(1−p)wV, driven away", -stay * offer.harmRate * value),
      Fact("contact", label: "−f, contact", -offer.contactCost),
      Fact(
        "expectedValue", label: "ΔEV, their sum",
        ExpectedValue(probability: p, value: value, offer).net),
    ]
  }

  private func number(_ name: String) -> Double? { ranking.first { $0.name == name }?.json.double }

  // MARK: looking up

  /// The row of rows as read whose columns `names` make `key`; those rows stand in the file's order.
  private static func row(of key: String, in table: MappedTable, _ names: [String]) throws -> Int? {
    if names.count == 1, let index = table.schema.index(of: names[0]),
      table.schema.fields[index].type == .text
    {
      return try table.row(holding: key, in: names[0])
    }
    // Made of several columns, or of numbers: some rows at a time.
    let step = 1 << 16
    for start in stride(from: 0, to: table.rowCount, by: step) {
      let part = try table.table(columns: names, rows: start..<min(table.rowCount, start + step))
      let keys = CustomerKey.column(part.columns)
      let wanted = Array(key.utf8)
      if let row = (0..<keys.count).first(where: { keys.utf8($0).elementsEqual(wanted) }) {
        return start + row
      }
    }
    return nil
  }

  private static func facts(_ table: MappedTable, _ row: Int, but left: Set<String> = []) throws -> [Fact] {
    let found = try table.rows([row])
    return zip(found.schema.fields, found.columns).compactMap { field, column in
      guard !left.contains(field.name) else { return nil }
      let label = CustomerWords.labels[field.name]
      let json: JSONValue =
        switch column {
        case .real(let values): column.isPresent(0) ? .number(values.values[0]) : .null
        case .integer(let values): column.isPresent(0) ? .number(Double(values.values[0])) : .null
        default: column.display(0).map { .string($0) } ?? .null
        }
      if case .integer(let values) = column, field.name == RankingColumn.rank {
        return Fact(field.name, label: label, value: Wording.count(Int(values.values[0])), json: json)
      }
      if case .real(let values) = column, column.isPresent(0) {
        return Fact(field.name, label: label, value: words(values.values[0]), json: json)
      }
      return Fact(field.name, label: label, value: column.display(0), json: json)
    }
  }

  private static func repairs(_ table: MappedTable, _ key: String) throws -> [Repair] {
    guard table.rowCount > 0,
      let first = try table.row(holding: key, in: RepairColumn.key, isAscending: true)
    else { return [] }
    var found: [Repair] = []
    // In key order: all of one customer's stand together.
    for row in first..<table.rowCount {
      let values = try table.rows([row])
      func text(_ name: String) throws -> String? { try values.column(name).display(0) }
      guard try text(RepairColumn.key) == key else { break }
      found.append(
        Repair(
          column: try text(RepairColumn.column), old: try text(RepairColumn.old),
          new: try text(RepairColumn.new), rule: try text(RepairColumn.rule) ?? ""))
    }
    return found
  }

  static func words(_ number: Double) -> String {
    if number == number.rounded(), abs(number) < 1e12 { return Wording.decimals(number, 0) }
    let text = Wording.decimals(number, abs(number) >= 100 ? 2 : abs(number) >= 1 ? 4 : 6)
    // 0.250000 says no more than 0.25.
    let short = text.reversed().drop { $0 == "0" }.reversed()
    return short.last == "." ? text : String(short)
  }

  // MARK: for programs

  /// The sections with their facts, in the order of the story.
  var sections: [(name: String, facts: [Fact])] {
    [
      ("read", read), ("features", features), ("prediction", prediction),
      ("reasons", reasons?.facts ?? []), ("terms", terms), ("ranking", ranking),
    ]
  }

  /// The story for programs, holdfast.customer/v1, beside an earlier one where there is one.
  func json(key: String, before: CustomerStory?) -> JSONValue {
    func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
    func members(_ facts: [Fact]) -> JSONValue {
      .object(Dictionary(facts.map { ($0.name, $0.json) }, uniquingKeysWith: { first, _ in first }))
    }
    func list(_ repairs: [Repair]) -> JSONValue {
      .list(
        repairs.map {
          ["column": text($0.column), "old": text($0.old), "new": text($0.new), "rule": .string($0.rule)]
        })
    }
    var document: [String: JSONValue] = [
      "schema": "holdfast.customer/v1", "key": .string(key), "run": .string(run), "repairs": list(repairs),
      "ranked": .number(Double(ranked)), "base": reasons.map { .number($0.base) } ?? .null,
    ]
    for section in sections { document[section.name] = members(section.facts) }
    document["before"] =
      before.map { before in
        var members: [String: JSONValue] = [
          "run": .string(before.run), "known": .bool(before.isKnown),
          "repairs": before.repairs == repairs ? .null : list(before.repairs),
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
