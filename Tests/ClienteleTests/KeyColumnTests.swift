import Clientele
import Fingerprints
import Tabular
import Testing

@Suite struct KeyColumnTests {
  @Test func `keys made by column equal keys joined one by one`() {
    let ids = Column.integer(IntegerColumn([0, -12, 1_234_567_890_123, Int64.min]))
    let texts = Column.text(TextColumn(["a|b", "c\\d", "", "é"]))
    let cities = Column.category(CategoryColumn(codes: [1, 0, 1, 0], dictionary: ["x|y", "Z"]))
    let reals = Column.real(RealColumn([1, 2.5, -3, 0]))
    let columns = [ids, texts, cities, reals]
    let keys = CustomerKey.column(columns)
    for row in 0..<4 {
      #expect(keys.text(row) == CustomerKey.join(columns.map { $0.display(row) ?? "" }))
    }
    #expect(CustomerKey.column([texts]) == TextColumn(["a|b", "c\\d", "", "é"]))
    #expect(CustomerKey.column([ids]).text(3) == "-9223372036854775808")
  }

  @Test func `a row without one of its parts has no key`() {
    let ids = Column.text(TextColumn(["a", nil, "c"]))
    let cities = Column.category(CategoryColumn(codes: [0, 0, -1], dictionary: ["x"]))
    let keys = CustomerKey.column([ids, cities])
    #expect(keys.text(0) == "a|x" && keys.text(1) == nil && keys.text(2) == nil)
  }

  @Test func `folds dealt by column equal folds dealt one by one`() {
    let dealing = FoldAssignment(seed: 3, count: 5)
    let keys = TextColumn(["a", "", "longer than eight bytes"])
    #expect(dealing.folds(of: keys) == (0..<3).map { Int64(dealing.fold(of: keys.utf8($0))) })
  }

  @Test func `the fewest further columns are found, those with gaps passed over`() {
    func category(_ codes: [Int32]) -> Column {
      .category(CategoryColumn(codes: codes, dictionary: ["x", "y"]))
    }
    let candidates = [
      KeySearch.Candidate(name: "gap", column: category([0, 1, -1])),
      KeySearch.Candidate(name: "same", column: category([0, 0, 0])),
      KeySearch.Candidate(name: "city", column: category([0, 1, 0])),
    ]
    #expect(KeySearch.furtherColumns(for: [[0, 1]], among: candidates) == ["city"])
    #expect(KeySearch.furtherColumns(for: [[0, 2]], among: candidates) == nil)
  }
}

@Suite struct StructuralRuleSearchTests {
  private func candidate(_ name: String, _ values: [String]) -> StructuralRuleSearch.Candidate {
    var dictionary: [String] = []
    let codes = values.map { value -> Int32 in
      if let place = dictionary.firstIndex(of: value) { return Int32(place) }
      dictionary.append(value)
      return Int32(dictionary.count - 1)
    }
    return .init(name: name, codes: codes, values: dictionary)
  }

  @Test func `one condition is found and told in words and as JSON`() throws {
    let equity = candidate("equity", ["0", "0", "0", "1", "2", "2"])
    let noise = candidate("city", ["a", "b", "a", "b", "a", "b"])
    let missing = [true, true, true, false, false, false]
    let proposal = try #require(StructuralRuleSearch.best([noise, equity], missing: missing))
    #expect(
      proposal.rule == StructuralZeroRule(enabled: false, when: [Condition(column: "equity", isOneOf: ["0"])])
    )
    #expect(proposal.fit == 1)
    #expect(
      proposal.words(for: "balance")
        == "balance is missing where equity is 0: this holds for 3 of 6 customers looked at, 100.0 % of them lack it, "
        + "and they are 100.0 % of all who lack it")
    #expect(
      proposal.rule.asContractMember
        == #"{"structuralZero":{"enabled":false,"when":[{"column":"equity","isOneOf":["0"]}]}}"#)
  }

  @Test func `two conditions are taken where one is not enough, several values where they share a fate`()
    throws
  {
    let a = candidate("a", ["x", "x", "y", "y", "x", "x"])
    let b = candidate("b", ["1", "2", "1", "2", "1", "2"])
    let both = try #require(
      StructuralRuleSearch.best([a, b], missing: [true, false, false, false, true, false]))
    #expect(
      both.rule.when == [Condition(column: "a", isOneOf: ["x"]), Condition(column: "b", isOneOf: ["1"])])
    let c = candidate("c", ["p", "q", "r", "s", "p", "q"])
    let several = try #require(
      StructuralRuleSearch.best([c], missing: [true, true, false, false, true, true]))
    #expect(several.rule.when == [Condition(column: "c", isOneOf: ["p", "q"])])
  }

  @Test func `nothing is proposed where nothing fits, or all or none are missing`() {
    let a = candidate("a", ["x", "y", "x", "y", "x", "y", "x", "y"])
    #expect(StructuralRuleSearch.best([a], missing: [true] + [Bool](repeating: false, count: 7)) == nil)
    #expect(StructuralRuleSearch.best([a], missing: [Bool](repeating: true, count: 8)) == nil)
    #expect(StructuralRuleSearch.best([], missing: [true, false]) == nil)
  }

  @Test func `numbers read well in sentences`() {
    #expect(Wording.count(1_234_567) == "1,234,567" && Wording.count(-999) == "-999")
    #expect(Wording.percent(0.2345) == "23.5 %" && Wording.percent(0.0004) == "0.0 %")
    #expect(Wording.decimals(-1234.567, 2) == "-1,234.57" && Wording.decimals(.nan, 1) == "–")
    #expect(Wording.decimals(0.05, 3) == "0.050" && Wording.count(1, "row", "rows") == "1 row")
  }
}
