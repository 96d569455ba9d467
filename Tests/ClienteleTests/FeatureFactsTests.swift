import Clientele
import Tabular
import Testing

@Test func `facts survive the field metadata`() {
  let facts = FeatureFacts(
    role: .state, meaning: .balance, protected: true, stateOf: "Balance", missingPolicy: .group)
  #expect(FeatureFacts(Field("Balance.state", .category, metadata: facts.metadata)) == facts)
}

@Test func `a field without facts is a feature that may be missing`() {
  #expect(FeatureFacts(Field("a", .real)) == FeatureFacts(role: .feature))
}

@Test func `a source column of a reserved name is told apart`() {
  #expect(FeatureColumn.name(ofSource: "label") == "source.label")
  #expect(FeatureColumn.name(ofSource: "score") == "score")
}

@Test func `a changed range leaves what ingest must know as it is`() {
  var contract = SourceContract(
    dialect: DialectContract(),
    columns: [
      ColumnContract(name: "id", type: .text, role: .key),
      ColumnContract(name: "age", type: .integer, role: .feature, maximum: 120),
    ])
  let before = contract.typesOnly
  contract.columns[1].maximum = 110
  contract.columns[1].protected = true
  #expect(contract.typesOnly == before)
  contract.columns[1].type = .real
  #expect(contract.typesOnly != before)
}
