import Fingerprints
import Learning

/// The learners' part of holdfast.model/v1: long arrays of numbers, written and read whole.
extension Predictor {
  var document: JSONValue {
    var written: Binning?
    return document(&written)
  }

  /// Bins that a member of the blend before it has written (`written`) are not written again.
  private func document(_ written: inout Binning?) -> JSONValue {
    func bins(_ binning: Binning) -> JSONValue {
      if written == binning { return "asBefore" }
      written = binning
      return binning.document
    }
    switch self {
    case .boosting(let binning, let model):
      return [
        "kind": "boosting", "binning": bins(binning), "base": .number(model.base),
        "trees": model.trees.document,
      ]
    case .forest(let binning, let model):
      return [
        "kind": "forest", "binning": bins(binning), "trees": model.trees.document,
        "logOdds": .list(model.logOdds), "averaging": .string(model.averaging.rawValue),
      ]
    case .logistic(let design, let model):
      return [
        "kind": "logistic", "design": .list(design.terms.map(\.document)),
        "intercept": .number(model.intercept),
        "coefficients": .list(model.coefficients),
      ]
    case .scorecard(let card): return card.document
    case .blend(let blend):
      var members: [JSONValue] = []
      for member in blend.members {
        members.append([
          "learner": .string(member.learner), "weight": .number(member.weight),
          "predictor": member.predictor.document(&written),
        ])
      }
      return ["kind": "blend", "intercept": .number(blend.intercept), "members": .array(members)]
    }
  }

  /// The learner that `reader` holds, over columns of which `isCategory` tells the kinds.
  init(_ reader: DocumentReader, _ isCategory: [Bool]) throws(ModellingError) {
    var read: Binning?
    try self.init(reader, isCategory, &read)
  }

  private init(
    _ reader: DocumentReader, _ isCategory: [Bool], _ read: inout Binning?
  ) throws(ModellingError) {
    func bins(_ read: inout Binning?) throws(ModellingError) -> Binning {
      if let read, reader.isText("binning", "asBefore") { return read }
      let binning = try Binning(reader, isCategory)
      read = binning
      return binning
    }
    switch try reader.text("kind") {
    case "blend":
      var members: [PredictorBlend.Member] = []
      for member in try reader.members("members") {
        let weight = try member.number("weight")
        let inner = try member.member("predictor")
        guard weight > 0, weight < .infinity, try inner.text("kind") != "blend" else {
          throw member.fault("a weight above 0 and a model that is no blend")
        }
        members.append(
          PredictorBlend.Member(
            learner: try member.text("learner"), weight: weight,
            predictor: try Predictor(inner, isCategory, &read)))
      }
      self = .blend(PredictorBlend(intercept: try reader.number("intercept"), members: members))
    case "boosting":
      let binning = try bins(&read)
      let trees = try DecisionTrees(try reader.member("trees"), columns: isCategory.count)
      self = .boosting(binning, BoostedTrees(base: try reader.number("base"), trees: trees))
    case "forest":
      let binning = try bins(&read)
      let trees = try DecisionTrees(try reader.member("trees"), columns: isCategory.count)
      let logOdds = try reader.numbers("logOdds")
      guard logOdds.count == trees.kinds.count else { throw reader.fault("one log-odds a node") }
      guard let averaging = RandomForest.Averaging(rawValue: try reader.text("averaging")) else {
        throw reader.fault("how the trees are averaged")
      }
      self = .forest(binning, RandomForest(trees: trees, logOdds: logOdds, averaging: averaging))
    case "logistic":
      var terms: [LinearDesign.Term] = []
      for term in try reader.members("design") { terms.append(try LinearDesign.Term(term)) }
      let design = LinearDesign(terms: terms)
      let coefficients = try reader.numbers("coefficients")
      let kindsFit = zip(terms, isCategory).allSatisfy { term, isCategory in
        switch term {
        case .nothing: true
        case .numeric: !isCategory
        case .categorical: isCategory
        }
      }
      guard coefficients.count == design.columns, terms.count == isCategory.count, kindsFit else {
        throw reader.fault("one term a column and one coefficient a number")
      }
      self = .logistic(
        design,
        LogisticRegression(intercept: try reader.number("intercept"), coefficients: coefficients))
    case "scorecard": self = .scorecard(try Scorecard(reader, isCategory))
    default: throw reader.fault("a learner this program knows")
    }
  }
}

extension Binning {
  fileprivate var document: JSONValue {
    .list(
      rules.map { rule in
        switch rule {
        case .edges(let edges): ["edges": .list(edges)]
        case .categories(let bins): ["categories": .list(bins.map(Double.init))]
        }
      })
  }

  fileprivate init(_ reader: DocumentReader, _ isCategory: [Bool]) throws(ModellingError) {
    var rules: [Rule] = []
    for rule in try reader.members("binning") {
      if rule.has("edges") {
        let edges = try rule.numbers("edges")
        guard edges.count < Binning.most, zip(edges, edges.dropFirst()).allSatisfy({ $0 < $1 }) else {
          throw rule.fault("at most 254 ascending edges")
        }
        rules.append(.edges(edges))
      } else {
        rules.append(.categories(try rule.whole("categories")))
      }
    }
    let kinds = rules.map { if case .categories = $0 { true } else { false } }
    guard kinds == isCategory else { throw reader.fault("one binning rule a column, of its kind") }
    self.init(rules: rules)
  }
}

extension DecisionTrees {
  fileprivate var document: JSONValue {
    [
      "roots": .list(roots.map(Double.init)), "kinds": .list(kinds.map(Double.init)),
      "features": .list(features.map(Double.init)), "thresholds": .list(thresholds.map(Double.init)),
      "left": .list(left.map(Double.init)), "values": .list(values), "covers": .list(covers),
      "categorySets": .array(categorySets.map { .string(String($0, radix: 16)) }),
    ]
  }

  fileprivate init(_ reader: DocumentReader, columns: Int) throws(ModellingError) {
    var sets: [UInt64] = []
    for text in try reader.texts("categorySets") {
      guard let word = UInt64(text, radix: 16) else { throw reader.fault("category sets in hexadecimal") }
      sets.append(word)
    }
    self.init(
      roots: try reader.whole("roots"), kinds: try reader.whole("kinds"),
      features: try reader.whole("features"), thresholds: try reader.whole("thresholds"),
      left: try reader.whole("left"), values: try reader.numbers("values"),
      covers: try reader.numbers("covers"), categorySets: sets)
    guard isWellFormed(columns: columns) else { throw reader.fault("well-formed trees") }
  }
}

extension LinearDesign.Term {
  fileprivate var document: JSONValue {
    switch self {
    case .nothing: ["kind": "nothing"]
    case .numeric(let fill, let mean, let sd, let indicates):
      [
        "kind": "number", "fill": .number(fill), "mean": .number(mean), "sd": .number(sd),
        "indicatesMissing": .bool(indicates),
      ]
    case .categorical(let codes, let indicates):
      ["kind": "category", "codes": .list(codes.map(Double.init)), "indicatesMissing": .bool(indicates)]
    }
  }

  fileprivate init(_ reader: DocumentReader) throws(ModellingError) {
    switch try reader.text("kind") {
    case "nothing": self = .nothing
    case "number":
      let sd = try reader.number("sd")
      guard sd > 0 else { throw reader.fault("a standard deviation above 0") }
      self = .numeric(
        fill: try reader.number("fill"), mean: try reader.number("mean"), sd: sd,
        indicatesMissing: try reader.flag("indicatesMissing"))
    case "category":
      self = .categorical(
        codes: try reader.whole("codes"), indicatesMissing: try reader.flag("indicatesMissing"))
    default: throw reader.fault("a term this program knows")
    }
  }
}
