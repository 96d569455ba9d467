import Clientele
import Fingerprints
import Learning
import Modelling
import Numerics
import Tabular
import Testing

struct ChurnModelTests {
  private static let learners: [MadeCustomers.Learner] = [
    .boosting, .forest, .probabilityForest, .logistic, .scorecard, .blend,
  ]

  @Test(arguments: learners) func `a model read back is the model`(learner: MadeCustomers.Learner) throws {
    for policy in [MissingPolicy.keep, .group] {
      let model = try MadeCustomers.model(MadeCustomers.features(600, policy: policy), learner)
      let bytes = CanonicalJSON.encode(model.document)
      let back = try ChurnModel(document: JSONParser.parse(bytes))
      #expect(back == model)
      #expect(CanonicalJSON.encode(back.document) == bytes)
    }
  }

  @Test(arguments: learners) func `a customer's number does not depend on the others`(
    learner: MadeCustomers.Learner
  ) throws {
    let features = MadeCustomers.features(700)
    let model = try MadeCustomers.model(features, learner)
    let all = try model.score(features, crew: Crew(threads: 3))
    let some: [Int32] = [699, 4, 4, 123]
    let other = MadeCustomers.features(700, cities: ["Genf", "Chur", "Basel", "Bern"])
    let few = try model.score(other.taking(some), crew: Crew(threads: 1))
    #expect(few.scores == some.map { all.scores[Int($0)] })
    #expect(few.probabilities == some.map { all.probabilities[Int($0)] })
    #expect(few.folds == some.map { all.folds[Int($0)] })
    // Compared as bits: fold 1 keeps no band.
    #expect(few.lows.map(\.bitPattern) == some.map { all.lows[Int($0)].bitPattern })
    #expect(few.highs.map(\.bitPattern) == some.map { all.highs[Int($0)].bitPattern })
    #expect(all.folds == (try features.integers("fold").values))
    #expect(all.probabilities.allSatisfy { $0 > 0 && $0 < 1 })
  }

  private func reasons(
    _ model: ChurnModel, _ features: Table, _ rows: [Int32], threads: Int
  ) throws -> Explanation {
    var background = ExplanationBackground()
    background.take(try features.texts("key"))
    return try model.explain(
      features, rows: rows, background: background.rows, crew: Crew(threads: threads))
  }

  @Test(arguments: learners) func `reasons and base sum to the score`(learner: MadeCustomers.Learner) throws {
    for policy in [MissingPolicy.keep, .median] {
      let features = MadeCustomers.features(500, policy: policy)
      let model = try MadeCustomers.model(features, learner)
      let rows: [Int32] = [3, 499, 77, 200, 201]
      let explanation = try reasons(model, features, rows, threads: 2)
      #expect(explanation == (try reasons(model, features, rows, threads: 1)))
      #expect(explanation.features == ["balance", "age", "city"])
      // Only what averages probabilities is sampled, and says how far off it may be.
      let isSampled = learner == .probabilityForest || learner == .blend
      #expect((explanation.errors != nil) == isSampled && (explanation.doubt != nil) == isSampled)
      if isSampled {
        #expect(explanation.errors?.contains { $0 > 0 } == true)
        #expect(explanation.doubt?.contains("standard error of 0.") == true)
      }
      let scores = try model.score(features, crew: Crew(threads: 1)).scores
      for (place, row) in rows.enumerated() {
        let sum = explanation.contributions[place * 3..<place * 3 + 3].reduce(explanation.bases[place], +)
        #expect((sum - scores[Int(row)]).magnitude < 1e-9)
      }
    }
  }

  @Test func `a range holds its probability, and is missing where the model keeps no band`() throws {
    let features = MadeCustomers.features(700)
    let model = try MadeCustomers.model(features, .logistic)
    let all = try model.score(features, crew: Crew(threads: 2))
    for row in all.folds.indices {
      let (low, p, high) = (all.lows[row], all.probabilities[row], all.highs[row])
      if all.folds[row] == 1 {
        #expect(low.isNaN && high.isNaN)
      } else {
        let band = try #require(model.folds[Int(all.folds[row])].band).bounds([all.scores[row]])
        #expect(low == min(band.lower[0], p) && high == max(band.upper[0], p))
      }
    }
    #expect(Set(all.folds).count == 3)
  }

  @Test func `a scorecard's reasons are its points, but for their scale`() throws {
    let features = MadeCustomers.features(900)
    let model = try MadeCustomers.model(features, .scorecard)
    let rows: [Int32] = [1, 2, 500, 899]
    let folds = try features.integers("fold").values
    let explanation = try reasons(model, features, rows, threads: 1)
    let frame = try model.encoding.encode(features).frame
    for (place, row) in rows.enumerated() {
      for (other, second) in rows.enumerated() where folds[Int(row)] == folds[Int(second)] {
        guard case .scorecard(let card) = model.folds[Int(folds[Int(row)])].predictor else {
          Issue.record("a scorecard")
          return
        }
        // Two customers of one card differ by the points of their classes.
        for (feature, name) in explanation.features.enumerated() {
          let columns = model.encoding.columns.indices.filter { model.encoding.columns[$0].group == name }
          var points = 0.0
          for (line, table) in zip(card.lines, card.table) where columns.contains(line.column) {
            let classes = line.classes.classes(frame.columns[line.column], rows: [row, second])
            points += table[Int(classes[0])] - table[Int(classes[1])]
          }
          let moved =
            explanation.contributions[place * 3 + feature] - explanation.contributions[other * 3 + feature]
          #expect((points + card.scale.factor * moved).magnitude < 1e-9)
        }
      }
    }
  }

  @Test func `a damaged card or band is refused`() throws {
    let model = try MadeCustomers.model(MadeCustomers.features(600), .scorecard)
    func kind(_ change: (inout [String: JSONValue], inout [String: JSONValue]) -> Void) -> ModellingError
      .Kind?
    {
      var members = model.document.members ?? [:]
      var folds = members["folds"]?.elements ?? []
      guard var fold = folds[0].members, var card = fold["predictor"]?.members,
        var lines = card["lines"]?.elements, var line = lines.first?.members
      else { return .nothingToLearnFrom }
      change(&line, &fold)
      lines[0] = .object(line)
      card["lines"] = .array(lines)
      fold["predictor"] = .object(card)
      folds[0] = .object(fold)
      members["folds"] = .array(folds)
      do throws(ModellingError) {
        _ = try ChurnModel(document: .object(members))
        return nil
      } catch { return error.kind }
    }
    #expect(kind { _, _ in } == nil)
    #expect(kind { line, _ in line["points"] = .numbers([1, 2, 3]) } == .badDocument)
    #expect(kind { line, _ in line["weights"] = .numbers([1]) } == .badDocument)
    #expect(kind { line, _ in line["column"] = 77 } == .badDocument)
    #expect(kind { line, _ in line["coefficient"] = -3 } == .badDocument)
    #expect(kind { line, _ in line["rule"] = ["edges": .numbers([3, 2])] } == .badDocument)
    #expect(kind { line, _ in line["rule"] = ["codes": .numbers([9])] } == .badDocument)
    let falling: JSONValue = ["bounds": .numbers([1]), "levels": .numbers([0.5, 0.2])]
    #expect(kind { _, fold in fold["band"] = ["lower": falling, "upper": falling] } == .badDocument)
    #expect(kind { _, fold in fold["band"] = nil } == nil)
  }

  @Test func `drivers raise the score, strongest first, ties in the table's order`() {
    let explanation = Explanation(
      features: ["a", "b", "c", "d"], contributions: [0.1, 0.4, 0.1, -2, 0, 0, 0, 0], bases: [0, 0])
    #expect(explanation.drivers(0, most: 3).map(\.feature) == ["b", "a", "c"])
    #expect(explanation.drivers(0, most: 1).map(\.contribution) == [0.4])
    #expect(explanation.drivers(1, most: 3).isEmpty)
  }

  @Test func `another version, a damaged document and a strange tree are refused`() throws {
    let model = try MadeCustomers.model(MadeCustomers.features(300), .boosting)
    func kind(_ change: (inout [String: JSONValue]) -> Void) -> ModellingError.Kind? {
      var members = model.document.members ?? [:]
      change(&members)
      do throws(ModellingError) {
        _ = try ChurnModel(document: .object(members))
        return nil
      } catch { return error.kind }
    }
    #expect(kind { _ in } == nil)
    #expect(kind { $0["schema"] = "holdfast.model/v9" } == .otherVersion)
    #expect(kind { $0["schema"] = nil } == .badDocument)
    #expect(kind { $0["folds"] = [] } == .badDocument)
    #expect(kind { $0["assignment"] = ["seed": "x", "count": 3] } == .badDocument)
    #expect(
      kind { $0["encoding"] = .array(Array(($0["encoding"]?.elements ?? []).dropLast())) } == .badDocument)
    for (member, value) in [
      ("left", JSONValue.numbers([0, 1])), ("values", .numbers([])), ("kinds", "x"),
      ("features", .numbers([99])),
    ] {
      #expect(
        kind { members in
          var folds = members["folds"]?.elements ?? []
          guard var fold = folds[0].members, var predictor = fold["predictor"]?.members,
            var trees = predictor["trees"]?.members
          else { return }
          trees[member] = value
          predictor["trees"] = .object(trees)
          fold["predictor"] = .object(predictor)
          folds[0] = .object(fold)
          members["folds"] = .array(folds)
        } == .badDocument)
    }
  }

  @Test func `unseen cities are counted and scored as missing`() throws {
    let features = MadeCustomers.features(400)
    let model = try MadeCustomers.model(features, .boosting)
    let city = try features.categories("city")
    let strange = features.columns.enumerated().map { index, column -> Column in
      guard features.schema.fields[index].name == "city" else { return column }
      return .category(CategoryColumn(codes: city.codes, dictionary: city.dictionary.map { "Neu-" + $0 }))
    }
    let gaps = features.columns.enumerated().map { index, column -> Column in
      guard features.schema.fields[index].name == "city" else { return column }
      return .category(CategoryColumn(codes: city.codes.map { _ in -1 }, dictionary: []))
    }
    let a = try model.score(Table(schema: features.schema, columns: strange), crew: Crew(threads: 1))
    let b = try model.score(Table(schema: features.schema, columns: gaps), crew: Crew(threads: 1))
    #expect(a.scores == b.scores)
    #expect(
      a.unseen == [.init(column: "city", rows: city.codes.filter { $0 >= 0 }.count)] && b.unseen.isEmpty)
  }
}
