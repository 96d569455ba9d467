import Comparing
import Fingerprints
import Markup
import Numerics
import Tabular
import Testing

private func ranking(_ keys: [String], acts: Int, values: [Double]? = nil) -> ComparedTable {
  let count = keys.count
  return ComparedTable(
    Table([
      ("rank", .integer(IntegerColumn((1...Int64(count)).map { $0 }))), ("key", .text(TextColumn(keys))),
      ("probability", .real(RealColumn((0..<count).map { 1 / Double($0 + 2) }))),
      ("expectedValue", .real(RealColumn(values ?? (0..<count).map { Double(count - $0) }))),
      (
        "decision",
        .category(
          CategoryColumn(codes: (0..<count).map { $0 < acts ? 1 : 0 }, dictionary: ["doNotAct", "act"]))
      ),
    ]))
}

private func compare(_ old: ComparedTable, _ new: ComparedTable, most: Int = 100) throws -> RankingComparison
{
  try RankingComparison(old, new, try #require(try RowMatch(old, new)), most: most)
}

@Test func `correlations are those of the definition`() throws {
  let keys = ["a", "b", "c", "d", "e"]
  let turned = try compare(ranking(keys, acts: 2), ranking(keys.reversed(), acts: 2))
  #expect(turned.spearman == -1)
  #expect(turned.kendall == -1)
  let swapped = try compare(ranking(keys, acts: 2), ranking(["b", "a", "c", "d", "e"], acts: 2))
  #expect(abs(swapped.spearman - 0.9) < 1e-12)
  #expect(abs(swapped.kendall - 0.8) < 1e-12)
}

@Test func `who entered and left the list, and the customers who came and went`() throws {
  let found = try compare(
    ranking(["a", "b", "c", "d"], acts: 2), ranking(["n", "c", "a", "b"], acts: 2, values: [9, 8, 2, 1]))
  #expect(found.shared == 3)
  #expect(found.entered.count == 2)
  #expect(found.entered.value == 17)
  #expect(found.entered.shown.map(\.key) == ["n", "c"])
  #expect(found.entered.shown[0].cause?.word == "newCustomer")
  #expect(found.left.shown.map(\.key) == ["a", "b"])
}

@Test func `movers are ordered by the ratio of their places`() throws {
  let keys = (0..<20).map { "k\($0)" }
  var moved = keys
  moved.insert(moved.remove(at: 9), at: 0)
  let found = try compare(ranking(keys, acts: 3), ranking(moved, acts: 3), most: 2)
  #expect(found.movers.map(\.key) == ["k9", "k0"])
  #expect(found.movers[0].oldRank == 10)
  #expect(found.movers[0].newRank == 1)
}

@Test func `a cause is the swap that moved the place, and the parts make the whole`() {
  // Places in the makes: data alone moves from 10 to 4, the model from there to 3, assumptions nothing.
  let ranks = RankingMake.all.map { make -> Double in
    10 - (make.newData ? 6 : 0) - (make.newModel ? 1 : 0)
  }
  let cause = MoveCause(ranks: ranks)
  #expect(cause.word == "data")
  #expect(cause.places?.data == 6)
  #expect(cause.places?.model == 1)
  #expect(cause.places?.assumption == 0)
  // Where two work only together each has half.
  let together = MoveCause(
    ranks: RankingMake.all.map { $0.newModel && $0.newAssumptions ? 2 : 8 })
  #expect(abs((together.places?.model ?? 0) - 3) < 1e-12)
  #expect(abs((together.places?.assumption ?? 0) - 3) < 1e-12)
  #expect(MoveCause(ranks: [Double](repeating: 5, count: 8)).word == "none")
}

@Test func `segments are matched before moves are counted`() throws {
  func table(_ segments: [Int64]) -> ComparedTable {
    ComparedTable(
      Table([
        ("key", .text(TextColumn(segments.indices.map { "k\($0)" }))),
        ("segment", .integer(IntegerColumn(segments))),
      ]))
  }
  let (old, new) = (table([0, 0, 0, 1, 1, 2]), table([2, 2, 0, 0, 0, 1]))
  let found = try SegmentComparison(
    old, new, try #require(try RowMatch(old, new)), oldNames: ["A", "B", "C"], newNames: ["X", "Y", "Z"])
  #expect(found.partners == [2, 0, 1])
  #expect(found.moved == 1)
  #expect(found.migration[0] == [1, 0, 2])
}

@Test func `documents differ by place, elements of lists by their names`() {
  let old: JSONValue = ["checks": [["id": "a", "passed": true], ["id": "b", "passed": true]], "x": 1]
  let new: JSONValue = ["checks": [["id": "b", "passed": false], ["id": "a", "passed": true]], "x": 1]
  let found = DocumentComparison("gate", old, new)
  #expect(found.count == 1)
  #expect(found.changes.map(\.place) == ["checks.b.passed"])
  #expect(found.changes.map(\.old) == ["true"])
  #expect(found.changes.map(\.new) == ["false"])
}

private func curves(_ groups: [(predicted: Double, observed: Double)], rows: Double = 1000) -> JSONValue {
  .object([
    "reliability": .list(
      groups.map { group in
        let reach = 1.959963984540054 * (group.observed * (1 - group.observed) / rows).squareRoot()
        return [
          "predicted": .number(group.predicted), "observed": .number(group.observed),
          "lower": .number(group.observed - reach), "upper": .number(group.observed + reach),
          "rows": .number(rows),
        ]
      })
  ])
}

@Test func `calibration curves differ where what happened moved away from what was said beyond noise`() throws
{
  let old = curves([(0.1, 0.1), (0.3, 0.31), (0.8, 0.8)])
  let found = try #require(CalibrationComparison(old, curves([(0.1, 0.105), (0.3, 0.4), (0.8, 0.79)])))
  // 0.09 in the second group against a standard error of about 0.021; the others lie within theirs.
  #expect(found.changedGroups == 1)
  #expect(abs(CalibrationComparison.error(found.old) - 0.01 / 3) < 1e-12)
  #expect(abs(CalibrationComparison.error(found.new) - 0.115 / 3) < 1e-12)
  #expect(CalibrationComparison(old, old) == nil)
  #expect(CalibrationComparison(old, .object([:])) == nil)
  #expect(CalibrationComparison(old, curves([(0.2, 0.2)]))?.changedGroups == nil)
}

@Test func `two models are told apart by what they say of the same customers`() throws {
  let found = try #require(
    ModelBehaviour(
      old: [0.1, 0.5, 0.9], new: [0.2, 0.4, 0.9], oldValues: [-1, 2, 3], newValues: [1, 2, 0]))
  #expect(abs(found.meanDifference - 0.2 / 3) < 1e-12 && abs(found.meanChange) < 1e-12)
  #expect(abs(found.largestDifference - 0.1) < 1e-12)
  #expect(found.decisionsChanged == 2)
  #expect(ModelBehaviour(old: [], new: [], oldValues: [], newValues: []) == nil)
  // 30 customers of either segment, and three who differ most but are too few to say anything.
  let segments: [String?] = (0..<63).map { $0 >= 60 ? "few" : $0 % 2 == 0 ? "even" : "odd" }
  let old = [Double](repeating: 0.5, count: 63)
  let new = (0..<63).map { $0 >= 60 ? 0.9 : $0 % 2 == 0 ? 0.4 : 0.55 }
  let zero = [Double](repeating: 0, count: 63)
  let worst = ModelBehaviour(old: old, new: new, oldValues: zero, newValues: zero, segments: segments)?
    .worstSegment
  #expect(worst?.name == "even" && worst?.rows == 30)
  #expect(abs((worst?.meanDifference ?? 0) - 0.1) < 1e-12 && abs((worst?.meanChange ?? 0) + 0.1) < 1e-12)
  #expect(ModelBehaviour(old: old, new: new, oldValues: zero, newValues: zero)?.worstSegment == nil)
}

@Test func `a check that came out otherwise makes two versions differ, and stands in text and page`() {
  var found = Comparison(
    old: ComparedSide(
      label: "r1", run: "r1", profile: "default", at: "2026-01-01T04:00:00.123Z", actor: "a",
      signatures: ["ab12"]),
    new: ComparedSide(
      label: "r2", run: "r2", profile: "default", at: "2026-01-02T04:00:00.123Z", actor: "b",
      signOffs: ["rejected by validator"]))
  found.checks = [CheckChange("evaluate.skillAuc", old: .passed, new: .stopped, message: "AUC is 0.5")]
  #expect(!found.isSame)
  let text = found.lines().joined(separator: "\n")
  #expect(text.hasPrefix("r1 (2026-01-01 04:00 UTC) → r2 (2026-01-02 04:00 UTC)\nDifferent: 1 check."))
  #expect(text.contains("evaluate.skillAuc  passed → stopped  AUC is 0.5"))
  #expect(text.contains("r1  signed by key ab12\n  r2  not signed, rejected by validator"))
  let page = String(decoding: ComparisonPage.html(found).bytes, as: UTF8.self)
  #expect(page.contains("passed → stopped") && page.contains("rejected by validator"))
}

@Test func `sums of the same numbers in another order are no change`() {
  #expect(MetricChange("x", old: 183_120.08, new: 183_120.08 + 4.7e-10).isRounding)
  #expect(!MetricChange("x", old: 0.2, new: 0.200001).isRounding)
  #expect(!MetricChange("x", old: .nan, new: 1).isRounding)
}

@Test func `text and page escape what a table holds and say when nothing differs`() throws {
  var found = Comparison(
    old: ComparedSide(label: "r1", run: "r1", profile: "default", at: "2026-01-01"),
    new: ComparedSide(label: "r2", run: "r2", profile: "default", at: "2026-01-02"))
  #expect(found.isSame)
  #expect(found.lines().contains("nothing differs"))
  found.parameters = [ValueChange("rank.saveRate", old: "0.25", new: "0.3", place: "pipeline.json:41")]
  found.artifacts = [ValueChange("ranking", old: "a", new: "b")]
  found.ranking = try compare(ranking(["<b>", "y"], acts: 1), ranking(["y", "<b>"], acts: 1))
  #expect(found.lines().contains { $0.contains("rank.saveRate") && $0.contains("pipeline.json:41") })
  let page = String(decoding: ComparisonPage.html(found).bytes, as: UTF8.self)
  #expect(page.contains("&lt;b&gt;") && !page.contains("<b>"))
  #expect(found.json["schema"] == "holdfast.diff/v1")
}
