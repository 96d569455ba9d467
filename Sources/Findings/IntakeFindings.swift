/// The document `intake` (holdfast.intake/v1): what `ingest` saw in a source.
package struct IntakeFindings: Sendable, Codable, Equatable {
  /// One column as found.
  package struct ColumnFinding: Sendable, Codable, Equatable {
    /// The header's name.
    package var name: String
    /// The type it was read as.
    package var type: String
    /// Rows that hold nothing.
    package var missing: Int

    /// A column.
    package init(name: String, type: String, missing: Int) {
      self.name = name
      self.type = type
      self.missing = missing
    }
  }

  /// Rows rejected by one rule.
  package struct RejectCount: Sendable, Codable, Equatable {
    /// The rule, as in the table `rejects`.
    package var rule: String
    /// Rows it rejected.
    package var rows: Int
    /// `file:line:column` of the first five.
    package var firstPlaces: [String]

    /// A count.
    package init(rule: String, rows: Int, firstPlaces: [String]) {
      self.rule = rule
      self.rows = rows
      self.firstPlaces = firstPlaces
    }
  }

  /// Bytes of the file.
  package var bytes: Int
  /// `,` `;` `|` or `tab`.
  package var delimiter: String
  /// `utf-8`, `windows-1251` or `latin-1`.
  package var encoding: String
  /// Whether a byte-order mark stands first.
  package var byteOrderMark: Bool
  /// `.` or `,`.
  package var decimal: String
  /// `LF`, `CRLF`, `CR` or `mixed`.
  package var lineEnds: String
  /// Rows below the header.
  package var rowsRead: Int
  /// Rows in `customers`.
  package var rowsAccepted: Int
  /// Rows in `rejects`.
  package var rowsRejected: Int
  /// The columns of `customers`.
  package var columns: [ColumnFinding]
  /// Columns of the file that the contract does not list; left out.
  package var undeclaredColumns: [String]
  /// Rejected rows by rule, most first.
  package var rejectsByRule: [RejectCount]
  /// Whether the target column stands in the file.
  package var hasTarget: Bool
  /// Anything else a person should know, in sentences.
  package var notes: [String]

  /// An intake.
  package init(
    bytes: Int, delimiter: String, encoding: String, byteOrderMark: Bool, decimal: String, lineEnds: String,
    rowsRead: Int, rowsAccepted: Int, rowsRejected: Int, columns: [ColumnFinding],
    undeclaredColumns: [String], rejectsByRule: [RejectCount], hasTarget: Bool, notes: [String]
  ) {
    self.bytes = bytes
    self.delimiter = delimiter
    self.encoding = encoding
    self.byteOrderMark = byteOrderMark
    self.decimal = decimal
    self.lineEnds = lineEnds
    self.rowsRead = rowsRead
    self.rowsAccepted = rowsAccepted
    self.rowsRejected = rowsRejected
    self.columns = columns
    self.undeclaredColumns = undeclaredColumns
    self.rejectsByRule = rejectsByRule
    self.hasTarget = hasTarget
    self.notes = notes
  }
}
