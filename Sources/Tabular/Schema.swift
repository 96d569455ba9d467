/// What a column holds.
package enum ColumnType: String, Sendable, Codable, CaseIterable {
  /// Whole numbers, 64 bits.
  case integer
  /// Real numbers, 64 bits.
  case real
  /// Text that repeats, kept as codes into a dictionary.
  case category
  /// Text that seldom repeats.
  case text
}

/// One column's name, type and what else is known of it.
package struct Field: Sendable, Equatable {
  /// The column's name, unique in its table.
  package var name: String
  /// What the column holds.
  package var type: ColumnType
  /// Facts that travel with the column in the file (role, unit, …), as text by name.
  package var metadata: [String: String]

  /// A field.
  package init(_ name: String, _ type: ColumnType, metadata: [String: String] = [:]) {
    self.name = name
    self.type = type
    self.metadata = metadata
  }
}

/// The fields of a table in order, and facts about the table as a whole.
package struct Schema: Sendable, Equatable {
  /// The columns, in the order of the file.
  package var fields: [Field]
  /// Facts that travel with the table in the file, as text by name.
  package var metadata: [String: String]

  /// A schema.
  package init(_ fields: [Field], metadata: [String: String] = [:]) {
    self.fields = fields
    self.metadata = metadata
  }

  /// The place of the column of that name.
  package func index(of name: String) -> Int? { fields.firstIndex { $0.name == name } }
}
