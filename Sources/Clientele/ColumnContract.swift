package import Tabular

/// What a column is to the bank.
package enum Role: String, Sendable, Codable, CaseIterable {
  /// Part of what identifies a customer.
  case key
  /// Whether the customer left.
  case target
  /// May be learnt from.
  case feature
  /// Kept in `customers`, used nowhere: names, row numbers, free text.
  case ignore
}

/// What a column's numbers mean, where rank, clean or segment must know.
package enum Meaning: String, Sendable, Codable, CaseIterable {
  /// Money the customer keeps with the bank.
  case balance
  /// What the customer pays each month.
  case monthlyCharge
  /// Number of products held.
  case products
  /// Any other amount of money.
  case money
}

/// What is done with a missing value of a column; learnt in `train` from a fold's training rows.
package enum MissingPolicy: String, Sendable, Codable, CaseIterable {
  /// Left missing: trees learn a direction, linear models fill inside the fold, with an indicator.
  case keep
  /// The median of the training rows, with an indicator.
  case median
  /// The median of the customer's group in the training rows, with an indicator.
  case group
  /// Zero, with an indicator.
  case zero
}

/// What is done with a value the contract does not allow.
package enum ViolationPolicy: String, Sendable, Codable, CaseIterable {
  /// The value becomes missing; the repair is recorded.
  case missing
  /// The row is taken out; the repair is recorded.
  case drop
  /// The run stops: exit code 3.
  case stop
}

/// One condition of a rule: the column holds one of these texts (numbers as they display).
package struct Condition: Sendable, Codable, Equatable {
  /// The column looked at.
  package var column: String
  /// Any of these makes the condition hold.
  package var isOneOf: [String]

  /// A condition.
  package init(column: String, isOneOf: [String]) {
    self.column = column
    self.isOneOf = isOneOf
  }
}

/// When a missing value is no gap but a zero: the customer has no such product.
package struct StructuralZeroRule: Sendable, Codable, Equatable {
  /// Off: the rule is only proposed.
  package var enabled: Bool
  /// All must hold.
  package var when: [Condition]

  /// A rule.
  package init(enabled: Bool, when: [Condition]) {
    self.enabled = enabled
    self.when = when
  }
}

/// What is promised of one column of a source.
package struct ColumnContract: Sendable, Codable, Equatable {
  /// The name in the file's header.
  package var name: String
  /// What it holds.
  package var type: ColumnType
  /// What it is to the bank.
  package var role: Role
  /// What its numbers mean.
  package var meaning: Meaning?
  /// Gender, age, origin, …: never used for segments, said on the page where used by the model.
  package var protected: Bool?
  /// For the target: the text that means "left". Absent: 1, or the only other of two values.
  package var positive: String?
  /// Smallest allowed number.
  package var minimum: Double?
  /// Largest allowed number.
  package var maximum: Double?
  /// The only allowed texts; absent: any.
  package var allowed: [String]?
  /// What is done with a value outside range or list. Absent: `missing`.
  package var onViolation: ViolationPolicy?
  /// Whether a missing value violates the contract. Absent: false.
  package var required: Bool?
  /// When a missing value is a structural zero.
  package var structuralZero: StructuralZeroRule?
  /// What train does with a missing value. Absent: clean's `missingPolicy`.
  package var missingPolicy: MissingPolicy?

  /// A contract for one column.
  package init(
    name: String, type: ColumnType, role: Role, meaning: Meaning? = nil, protected: Bool? = nil,
    positive: String? = nil, minimum: Double? = nil, maximum: Double? = nil, allowed: [String]? = nil,
    onViolation: ViolationPolicy? = nil, required: Bool? = nil, structuralZero: StructuralZeroRule? = nil,
    missingPolicy: MissingPolicy? = nil
  ) {
    self.name = name
    self.type = type
    self.role = role
    self.meaning = meaning
    self.protected = protected
    self.positive = positive
    self.minimum = minimum
    self.maximum = maximum
    self.allowed = allowed
    self.onViolation = onViolation
    self.required = required
    self.structuralZero = structuralZero
    self.missingPolicy = missingPolicy
  }
}
