import Catalog
import Clientele
import Columnar
import Comparing
import Findings
import Fingerprints
import Modelling
import Numerics
import Pipeline
import Ranking
import Staging
import Tabular

/// Finds why customers moved between two rankings: by the functions that score and rank, with data, model and
/// assumptions swapped one at a time.
///
/// Only the customers asked about and those they are ranked among are scored anew; above 20,000 customers
/// these are a sample chosen by hash of the key, the same customers in both.
struct MoveCauses {
  /// How many customers a place is counted among.
  static let sampleSize = 20_000

  private let past: PastArtifacts
  private let stages: (old: PastStage, new: PastStage)
  private let crew: Crew

  init(_ past: PastArtifacts, _ old: PastStage, _ new: PastStage, crew: Crew) {
    self.past = past
    stages = (old, new)
    self.crew = crew
  }

  /// What was found.
  struct Found {
    /// Why customers moved, by key.
    var causes: [String: MoveCause] = [:]
    /// On what that rests, in a sentence.
    var sentence = "No customer who is in both rankings moved."
    /// What both models say of the old side's customers; `nil` where both sides have the same model.
    var behaviour: ModelBehaviour?
  }

  /// The causes of `moves`, and how the models differ.
  func find(of moves: [RankMove]) throws -> Found {
    let wanted = moves.filter { $0.oldRank != nil && $0.newRank != nil }.map(\.key)
    guard !wanted.isEmpty || stages.old.inputs["model"] != stages.new.inputs["model"] else { return Found() }
    let parameters = (try parameters(stages.old), try parameters(stages.new))
    let sides = (
      try Population(past, stages.old, wanted, ranksLabelled: parameters.0.ranksLabelled),
      try Population(past, stages.new, wanted, ranksLabelled: parameters.1.ranksLabelled)
    )
    let models = (stages.old.inputs["model"], stages.new.inputs["model"])
    // Probabilities by data, then model: of each side's own model as recorded.
    let own = (try sides.0.recorded(past, stages.old), try sides.1.recorded(past, stages.new))
    var probabilities = [[own.0, own.0], [own.1, own.1]]
    if models.0 != models.1, let first = models.0, let second = models.1 {
      let isSameData = stages.old.inputs["features"] == stages.new.inputs["features"]
      if isSameData, sides.0.keys == sides.1.keys {
        probabilities = [[own.0, own.1], [own.0, own.1]]
      } else {
        probabilities[0][1] = try score(sides.0, second)
        probabilities[1][0] = try score(sides.1, first)
      }
    }
    // Values by data, then assumptions: each is a pass over all customers.
    var valued: [Int: [Double]] = [0: try sides.0.values(parameters.0)]
    var found = Found()
    if models.0 != models.1, let values = valued[0] {
      func net(_ chances: [Double]) -> [Double] {
        let sampled = sides.0.sampled
        return sampled.map {
          ExpectedValue(probability: chances[$0], value: values[$0], parameters.0.offer).net
        }
      }
      found.behaviour = ModelBehaviour(
        old: sides.0.sampled.map { probabilities[0][0][$0] },
        new: sides.0.sampled.map { probabilities[0][1][$0] },
        oldValues: net(probabilities[0][0]), newValues: net(probabilities[0][1]),
        segments: try sides.0.segments(past, stages.old))
    }
    guard !wanted.isEmpty else { return found }
    var ranks: [[Double]] = []
    for make in RankingMake.all {
      let side = make.newData ? sides.1 : sides.0
      let assumed = make.newAssumptions ? parameters.1 : parameters.0
      let isNew = (
        make.newData
          && (stages.old.inputs["features"] != stages.new.inputs["features"] || sides.0.keys != sides.1.keys),
        make.newAssumptions && parameters.0 != parameters.1
      )
      let place = (isNew.0 ? 1 : 0) + (isNew.1 ? 2 : 0)
      let values = try valued[place] ?? side.values(assumed)
      valued[place] = values
      let chances = probabilities[make.newData ? 1 : 0][make.newModel ? 1 : 0]
      let net = chances.indices.map {
        ExpectedValue(probability: chances[$0], value: values[$0], assumed.offer).net
      }
      ranks.append(side.places(net, of: wanted))
    }
    for (place, key) in wanted.enumerated() {
      let each = ranks.map { $0[place] }
      if each.allSatisfy(\.isFinite) { found.causes[key] = MoveCause(ranks: each) }
    }
    let isSampled = max(sides.0.sampleShare, sides.1.sampleShare) > 1
    found.sentence =
      "Causes: places a customer moves when data, model and assumptions are swapped one at a time, averaged over "
      + "every order"
      + (isSampled
        ? "; counted among \(Wording.count(sides.0.sampled.count)) customers chosen by hash, the same in both."
        : ".")
    return found
  }

  private func parameters(_ stage: PastStage) throws -> RankParameters {
    let declared = RankStage.declaration.parameters
    let given = (stage.preimage["parameters"]?.members ?? [:]).filter { name, _ in
      declared.contains { $0.name == name }
    }
    do { return try RankParameters(ParameterValues(declared, given: given)) } catch {
      throw PipelineError(.usage, "the parameters of rank as recorded cannot be read: \(error)")
    }
  }

  private func score(_ side: Population, _ model: Digest) throws -> [Double] {
    do {
      return try ChurnModel(document: past.document("model", model)).score(side.features(), crew: crew)
        .probabilities
    } catch let error as ModellingError {
      throw PipelineError(
        .integrity, "one version's customers cannot be scored by the other's model: \(error.description)")
    }
  }
}

/// The customers of one side that places are counted among, and those asked about.
private struct Population {
  /// The keys, in the features' order.
  let keys: [String]
  /// How many ranked customers each of the sample stands for.
  let sampleShare: Double
  private let rows: [Int32]
  private let isSample: [Bool]
  private let table: MappedTable

  init(_ past: PastArtifacts, _ stage: PastStage, _ wanted: [String], ranksLabelled: Bool) throws {
    guard let features = stage.inputs["features"] else {
      throw PipelineError(.integrity, "the run did not record which features it ranked")
    }
    let table = try past.table("features", features)
    self.table = table
    defer { table.release() }
    let keyColumn = try table.table(columns: [FeatureColumn.key]).texts(FeatureColumn.key)
    let labels =
      ranksLabelled
      ? nil : try table.table(columns: [FeatureColumn.label]).integers(FeatureColumn.label)
    let count = keyColumn.count
    let asked = Set(wanted)
    let limit =
      count <= MoveCauses.sampleSize
      ? UInt64.max : UInt64.max / UInt64(count) * UInt64(MoveCauses.sampleSize)
    // Rows of the customers asked about: keys ascend bytewise.
    var askedRows: Set<Int> = []
    for key in asked {
      if let row = try table.row(holding: key, in: FeatureColumn.key, isAscending: true) {
        askedRows.insert(row)
      }
    }
    var rows: [Int32] = []
    var isSample: [Bool] = []
    var (ranked, sampled) = (0, 0)
    for row in 0..<count {
      if let labels, labels.isPresent(row) { continue }
      ranked += 1
      let isIn = limit == .max || stableHash(keyColumn.utf8(row), seed: 0x6d6f_7665) <= limit
      if isIn { sampled += 1 }
      guard isIn || askedRows.contains(row) else { continue }
      rows.append(Int32(row))
      isSample.append(isIn)
    }
    self.rows = rows
    self.isSample = isSample
    sampleShare = sampled > 0 ? Double(ranked) / Double(sampled) : 1
    keys = rows.map { keyColumn.text(Int($0)) ?? "" }
  }

  /// Places, among these customers, of those that places are counted among.
  var sampled: [Int] { isSample.indices.filter { isSample[$0] } }

  /// The probabilities recorded, of these customers.
  func recorded(_ past: PastArtifacts, _ stage: PastStage) throws -> [Double] {
    guard let digest = stage.inputs["predictions"] else {
      throw PipelineError(.integrity, "the run did not record which predictions it ranked")
    }
    let all = try past.table("predictions", digest).table(columns: [PredictionColumn.probability])
      .numbers(PredictionColumn.probability)
    guard all.count == table.rowCount else {
      throw PipelineError(.integrity, "the predictions recorded are not those of the features recorded")
    }
    return rows.map { all[Int($0)] }
  }

  /// The segments of the sampled customers by name; none where the run had no segments.
  func segments(_ past: PastArtifacts, _ stage: PastStage) throws -> [String?] {
    guard let digest = stage.inputs["segments"] else { return [] }
    let segments = try past.table("segments", digest).table(columns: [SegmentColumn.segment])
      .integers(SegmentColumn.segment)
    guard segments.values.count == table.rowCount else { return [] }
    var names: [Int: String] = [:]
    if let portraits = stage.inputs["portraits"] {
      for portrait in try past.document("portraits", portraits)["portraits"]?.elements ?? [] {
        if let number = portrait["segment"]?.integer { names[number] = portrait["name"]?.text }
      }
    }
    return sampled.map { place in
      let row = Int(rows[place])
      guard segments.isPresent(row) else { return nil }
      let number = Int(segments.values[row])
      return names[number] ?? "segment \(number + 1)"
    }
  }

  /// The features of these customers; read a column at a time.
  func features() throws -> Table {
    let columns = try table.schema.fields.map { field in
      defer { table.release() }
      return try table.table(columns: [field.name]).column(field.name).taking(rows)
    }
    return Table(schema: table.schema, columns: columns, rowCount: rows.count)
  }

  /// What these customers are worth under assumptions. The cap is one of all customers, so all are valued.
  func values(_ parameters: RankParameters) throws -> [Double] {
    let money: Set<Meaning> = [.balance, .products, .monthlyCharge]
    let names = table.schema.fields.filter { field in
      FeatureFacts(field).meaning.map { money.contains($0) } ?? false
    }.map(\.name)
    let all: Table =
      names.isEmpty
      ? Table(schema: Schema([]), columns: [], rowCount: table.rowCount)
      : try table.table(columns: names)
    let values = try CustomerValues(all, parameters).values
    table.release()
    return rows.map { values[Int($0)] }
  }

  /// The places of the customers `wanted` by `net`, largest first, ties by key; NaN for one who is not here.
  func places(_ net: [Double], of wanted: [String]) -> [Double] {
    let order = net.indices.sorted { net[$0] != net[$1] ? net[$0] > net[$1] : $0 < $1 }
    var place = [Double](repeating: .nan, count: net.count)
    var before = 0
    for row in order {
      place[row] = 1 + Double(before) * sampleShare
      if isSample[row] { before += 1 }
    }
    var byKey: [String: Int] = [:]
    for (row, key) in keys.enumerated() { byKey[key] = row }
    return wanted.map { key in byKey[key].map { place[$0] } ?? .nan }
  }
}
