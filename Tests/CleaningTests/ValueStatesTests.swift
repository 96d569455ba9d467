import Clientele
import Findings
import Staging
import Tabular
import Testing

@testable import Cleaning

@Suite struct ValueStatesTests {
  private let columns: [(String, Column)] = [
    ("id", texts(["a", "b", "c", "d"])), ("left", integers([1, 0, 1, 0])),
    ("equity", integers([0, 0, 1, 3])),
    ("balance", reals([nil, 5, nil, 0])), ("age", integers([nil, 1, 2, 3])),
  ]

  private func contracts(_ rule: StructuralZeroRule?) -> [ColumnContract] {
    [
      key(), target(), feature("equity", .integer),
      ColumnContract(name: "balance", type: .real, role: .feature, meaning: .balance, structuralZero: rule),
      feature("age", .integer),
    ]
  }

  @Test func `without a rule a missing balance is unknown and a 0 is a value`() throws {
    for rule in [
      nil, StructuralZeroRule(enabled: false, when: [Condition(column: "equity", isOneOf: ["0"])]),
    ] {
      let run = try CleanRun(columns, contracts(rule))
      #expect(try run.features.shown("balance") == [nil, "5", nil, "0"])
      #expect(try run.features.shown("balance.state") == ["unknown", "value", "unknown", "value"])
      #expect(
        try run.features.categories("balance.state").dictionary == ["value", "structuralZero", "unknown"])
    }
  }

  @Test func `an enabled rule makes zeros, and only where it holds`() throws {
    let rule = StructuralZeroRule(enabled: true, when: [Condition(column: "equity", isOneOf: ["0"])])
    let run = try CleanRun(columns, contracts(rule))
    #expect(try run.features.shown("balance") == ["0", "5", nil, "0"])
    #expect(try run.features.shown("balance.state") == ["structuralZero", "value", "unknown", "value"])
    #expect(run.repairs.rowCount == 0)
    #expect(run.quality.repairs == [.init(column: "balance", rule: "structuralZero", rows: 1)])
    let finding = try #require(run.quality.missing.first { $0.column == "balance" })
    #expect(finding.value == 2 && finding.structuralZero == 1 && finding.unknown == 1)
  }

  @Test func `which columns have states depends on the contract alone`() throws {
    let whole = try CleanRun(
      [
        ("id", texts(["a", "b"])), ("left", integers([1, 0])), ("equity", integers([0, 1])),
        ("balance", reals([1, 2])), ("age", integers([1, 2])),
      ], contracts(nil))
    let gaps = try CleanRun(columns, contracts(nil))
    #expect(whole.features.schema.fields.map(\.name) == gaps.features.schema.fields.map(\.name))
    #expect(!gaps.features.schema.fields.contains { $0.name == "age.state" })
    let field = try #require(gaps.features.schema.fields.first { $0.name == "balance.state" })
    #expect(FeatureFacts(field).role == .state && FeatureFacts(field).stateOf == "balance")
  }

  @Test func `whole numbers have states too, and all conditions must hold`() throws {
    let run = try CleanRun(
      [
        ("id", texts(["a", "b", "c"])), ("n", integers([nil, nil, 4])), ("x", categories(["u", "v", "u"])),
        ("y", reals([1, 1, 1])),
      ],
      [
        key(), feature("x", .category), feature("y", .real),
        ColumnContract(
          name: "n", type: .integer, role: .feature,
          structuralZero: StructuralZeroRule(
            enabled: true,
            when: [Condition(column: "x", isOneOf: ["u", "w"]), Condition(column: "y", isOneOf: ["1"])])),
      ])
    #expect(try run.features.shown("n") == ["0", nil, "4"])
    #expect(try run.features.shown("n.state") == ["structuralZero", "unknown", "value"])
  }

  @Test func `a rule may look at an ignored column and at the key, never at the target`() throws {
    func run(_ column: String, _ value: String) throws -> CleanRun {
      try CleanRun(
        [
          ("id", texts(["b", "a"])), ("left", integers([1, 0])), ("note", texts(["x", "y"])),
          ("balance", reals([nil, nil])),
        ],
        [
          key(), target(), ColumnContract(name: "note", type: .text, role: .ignore),
          ColumnContract(
            name: "balance", type: .real, role: .feature,
            structuralZero: StructuralZeroRule(
              enabled: true, when: [Condition(column: column, isOneOf: [value])])),
        ])
    }
    #expect(try run("note", "x").features.shown("balance") == [nil, "0"])
    #expect(try run("id", "a").features.shown("balance") == ["0", nil])
    #expect(fault { try run("left", "1") }?.kind == .configuration)
    #expect(fault { try run("nowhere", "1") }?.message.contains("no column of the source") == true)
  }

  @Test func `an enabled rule without conditions, or of a text column, is refused`() {
    #expect(
      fault { try CleanRun(columns, contracts(StructuralZeroRule(enabled: true, when: []))) }?.kind
        == .configuration)
    let text = fault {
      try CleanRun(
        [("id", texts(["a"])), ("city", categories(["X"]))],
        [
          key(),
          ColumnContract(
            name: "city", type: .category, role: .feature,
            structuralZero: StructuralZeroRule(enabled: true, when: [Condition(column: "id", isOneOf: ["a"])])
          ),
        ])
    }
    #expect(text?.kind == .configuration)
  }
}
