import Clientele
import Fingerprints
import Numerics
import Staging
import Tabular

/// The table `features` and what its making counted.
struct Features: Sendable {
  /// The table, in key order.
  var table: Table
  /// Who left.
  var labels: Labels
  /// One a contract column: its states, `nil` where it has none.
  var states: [ValueStates?]
  /// What a person should know, in sentences.
  var notes: [String]

  /// Makes the features of `customers` (whose columns take in the structural zeros on the way).
  init(
    _ customers: inout CleanedCustomers, source: InputTable, parameters: CleanParameters, crew: Crew
  ) throws {
    notes = []
    let contracts = customers.contracts
    let rows = customers.rows.count
    // Labels.
    if let target = contracts.firstIndex(where: { $0.role == .target }),
      let column = customers.columns[target]
    {
      labels = try Labels(column, contracts[target])
      if let note = labels.note { notes.append(note) }
    } else {
      labels = Labels(unknown: rows)
      notes.append("The file says of no customer whether they left.")
    }
    // States. Conditions look at the values before any structural zero.
    let cleaned = customers
    states = try crew.map(contracts.count) { (index) throws -> ValueStates? in
      let contract = contracts[index]
      guard ValueStates.applies(to: contract), let column = cleaned.columns[index] else { return nil }
      if case .category = column { return nil }
      guard let rule = contract.structuralZero, rule.enabled else { return ValueStates(column, isZero: nil) }
      let holds = try ValueStates.holds(rule, for: contract.name, rows: rows) { name in
        try Features.conditionColumn(name, of: contract.name, cleaned, source)
      }
      return ValueStates(column, isZero: holds)
    }
    for (index, state) in states.enumerated() {
      if let state { customers.columns[index] = state.column }
    }
    for contract in contracts where contract.role == .feature && contract.structuralZero != nil {
      guard contract.type == .integer || contract.type == .real else {
        throw StageFault(
          .configuration, "column \"\(contract.name)\" has a structuralZero rule but holds no numbers.",
          remedy: "Take the rule out, or give the column the type it has.")
      }
    }
    let finished = customers
    let ordered = crew.map(contracts.count) { index -> Column? in
      SourceContract.isLearntFrom(contracts[index], among: contracts)
        ? finished.columns[index]?.orderingDictionary() : nil
    }
    let folds = FoldAssignment(
      seed: parameters.foldSeed,
      count: parameters.folds ?? FoldAssignment.automaticCount(labelledRows: labels.labelled))
    var fields = [
      Field(FeatureColumn.key, .text, metadata: FeatureFacts(role: .key).metadata),
      Field(FeatureColumn.fold, .integer, metadata: FeatureFacts(role: .fold).metadata),
      Field(FeatureColumn.label, .integer, metadata: FeatureFacts(role: .label).metadata),
    ]
    var columns: [Column] = [
      .text(customers.keys), .integer(IntegerColumn(folds.folds(of: customers.keys))),
      .integer(labels.column),
    ]
    for (index, contract) in contracts.enumerated()
    where SourceContract.isLearntFrom(contract, among: contracts) {
      guard let column = ordered[index] else {
        notes.append("\"\(contract.name)\" is free text and is not learnt from.")
        continue
      }
      let name = FeatureColumn.name(ofSource: contract.name)
      let facts = FeatureFacts(
        role: .feature, meaning: contract.meaning, protected: contract.protected ?? false,
        missingPolicy: contract.missingPolicy ?? parameters.missingPolicy)
      fields.append(Field(name, column.type, metadata: facts.metadata))
      columns.append(column)
      if let state = states[index] {
        let facts = FeatureFacts(role: .state, protected: contract.protected ?? false, stateOf: name)
        fields.append(Field(name + FeatureColumn.stateSuffix, .category, metadata: facts.metadata))
        columns.append(.category(state.states))
      }
    }
    try Features.checkNames(fields, parameters)
    table = Table(
      schema: Schema(
        fields,
        metadata: [
          FeatureColumn.foldSeed: String(folds.seed), FeatureColumn.foldCount: String(folds.count),
        ].merging(Features.groupMetadata(parameters)) { first, _ in first }),
      columns: columns)
  }

  private static func groupMetadata(_ parameters: CleanParameters) -> [String: String] {
    guard !parameters.groupColumns.isEmpty else { return [:] }
    let names = parameters.groupColumns.map { JSONValue.string(FeatureColumn.name(ofSource: $0)) }
    return [
      FeatureColumn.groupColumns: String(decoding: CanonicalJSON.encode(.list(names)), as: UTF8.self)
    ]
  }

  /// The column a condition looks at, in key order.
  private static func conditionColumn(
    _ name: String, of ruled: String, _ customers: CleanedCustomers, _ source: InputTable
  ) throws -> Column {
    guard let index = customers.index(of: name), let column = try source.column(name) else {
      throw StageFault(
        .configuration,
        "the structuralZero rule of \"\(ruled)\" looks at \"\(name)\", which is no column of the source.",
        remedy: "Name a column as the file's header spells it.")
    }
    guard customers.contracts[index].role != .target else {
      throw StageFault(
        .configuration, "the structuralZero rule of \"\(ruled)\" looks at the target \"\(name)\".",
        remedy: "Whether a customer left is not known when it is to be predicted: use other columns.")
    }
    return customers.columns[index] ?? column.taking(customers.rows)
  }

  private static func checkNames(_ fields: [Field], _ parameters: CleanParameters) throws {
    var seen: Set<String> = []
    for field in fields where !seen.insert(field.name).inserted {
      throw StageFault(
        .configuration, "two columns of features would be called \"\(field.name)\".",
        remedy: "Rename the source column, or give it the role \"ignore\".")
    }
    for name in parameters.groupColumns {
      let column = fields.first { $0.name == FeatureColumn.name(ofSource: name) }
      guard let column, FeatureFacts(column).role == .feature, column.type != .real else {
        throw StageFault(
          .configuration,
          "clean's parameter groupColumns names \"\(name)\", which is no feature of categories or whole numbers.",
          remedy: "Name columns such as a city or a number of products.")
      }
    }
  }
}
