import Tabular

/// How a delimited file is written. An absent member is sniffed from the file.
package struct DialectContract: Sendable, Codable, Equatable {
  /// One character: `,` `;` `|` or a tab.
  package var delimiter: String?
  /// `utf-8`, `windows-1251` or `latin-1`. Never guessed: absent means `utf-8`.
  package var encoding: String?
  /// `.` or `,`.
  package var decimal: String?
  /// Texts that mean "missing" besides the empty one, compared after trimming spaces.
  package var missing: [String]?

  /// A dialect.
  package init(
    delimiter: String? = nil, encoding: String? = nil, decimal: String? = nil, missing: [String]? = nil
  ) {
    self.delimiter = delimiter
    self.encoding = encoding
    self.decimal = decimal
    self.missing = missing
  }

  /// What means "missing" where nothing is declared.
  package static let usualMissing = ["NA", "N/A", "NaN", "nan", "NULL", "null", "None"]
}

/// What a source's rows are.
package enum SourceKind: String, Sendable, Codable, CaseIterable {
  /// One row a customer, as of one day.
  case snapshot
}

/// What is promised of a source: how it is written and what its columns are. Where it lies is not
/// part of it, so that another night's file is the same promise.
package struct SourceContract: Sendable, Codable, Equatable {
  /// What its rows are.
  package var kind: SourceKind
  /// How it is written.
  package var dialect: DialectContract
  /// Its columns, in the header's order where `init` wrote them. A column of the file that is not
  /// listed is said in `intake` and left out.
  package var columns: [ColumnContract]

  /// A contract.
  package init(kind: SourceKind = .snapshot, dialect: DialectContract, columns: [ColumnContract]) {
    self.kind = kind
    self.dialect = dialect
    self.columns = columns
  }

  /// The columns that identify a customer, in order.
  package var keyColumns: [ColumnContract] { columns.filter { $0.role == .key } }

  /// The column that says who left.
  package var target: ColumnContract? { columns.first { $0.role == .target } }

  /// Whether `column` is learnt from. A category that only helps to tell keys apart, such as a city beside a
  /// number that repeats across cities, says something of the customer and is learnt from too.
  package static func isLearntFrom(_ column: ColumnContract, among columns: [ColumnContract]) -> Bool {
    switch column.role {
    case .feature: true
    case .key: column.type == .category && columns.filter { $0.role == .key }.count > 1
    case .target, .ignore: false
    }
  }

  /// What a stage that reads the file must know, and no more: a changed range or role leaves it as it is.
  package var typesOnly: SourceContract {
    var contract = self
    contract.columns = columns.map { column in
      // Key and target stay told apart: an absent key rejects a row, an absent target may be no label yet.
      ColumnContract(
        name: column.name, type: column.type,
        role: column.role == .key || column.role == .target ? column.role : .feature)
    }
    return contract
  }
}
