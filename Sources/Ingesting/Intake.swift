package import Clientele
package import Delimited
package import Findings
import Fingerprints
package import Staging
import Tabular

/// A source as read: its rows, and how the file is written. `ingest` and `holdfast score` read files by
/// this one function.
package struct Intake: Sendable {
  /// Rows taken and rows not taken.
  package let contents: DelimitedContents
  /// The document `intake`.
  package let findings: IntakeFindings

  /// Reads `source` as `contract` promises it; what the contract leaves open is sniffed.
  package static func read(
    _ source: SourceBytes, _ contract: SourceContract, _ context: StageContext
  ) throws -> Intake {
    try source.withBytes { bytes, release in
      let sniffed = SniffedDialect(bytes)
      let dialect = try dialect(contract.dialect, sniffed, source.name)
      let requests = contract.columns.map { column in
        ColumnRequest(
          name: column.name, type: column.type, isKey: column.role == .key,
          mayBeAbsent: column.role == .target)
      }
      let contents: DelimitedContents
      var released = 0
      do {
        contents = try DelimitedReader(dialect: dialect, requests: requests).read(
          bytes, file: source.name, threads: context.threads,
          progress: { context.progress(StageProgress("reading", done: $0)) },
          passed: {
            guard $0 > released else { return }
            release(released..<$0)
            released = $0
          })
      } catch let error as DelimitedError {
        let kind: StageFault.Kind = error.kind == .missingColumn ? .configuration : .data
        throw StageFault(kind, error.message, place: error.place, remedy: error.remedy)
      }
      return Intake(contents, contract, dialect, sniffed, source)
    }
  }

  private static func dialect(
    _ declared: DialectContract, _ sniffed: SniffedDialect, _ file: String
  ) throws(StageFault) -> Dialect {
    var dialect = Dialect(
      delimiter: sniffed.delimiter, decimal: sniffed.decimal,
      missing: declared.missing ?? DialectContract.usualMissing)
    if let name = declared.delimiter {
      guard let delimiter = Dialect.delimiter(named: name) else {
        throw StageFault(
          .configuration, "\"\(name)\" is no delimiter we take.", place: "pipeline.json",
          remedy: "Give \",\", \";\", \"|\" or \"tab\".")
      }
      dialect.delimiter = delimiter
    }
    if let name = declared.encoding {
      guard let encoding = TextEncoding(rawValue: name) else {
        throw StageFault(
          .configuration, "\"\(name)\" is no encoding we read.", place: "pipeline.json",
          remedy: "Give utf-8, windows-1251 or latin-1.")
      }
      dialect.encoding = encoding
    }
    if let decimal = declared.decimal {
      dialect.decimal = decimal == "," ? UInt8(ascii: ",") : UInt8(ascii: ".")
    }
    return dialect
  }

  private init(
    _ contents: DelimitedContents, _ contract: SourceContract, _ dialect: Dialect, _ sniffed: SniffedDialect,
    _ source: SourceBytes
  ) {
    var counts: [String: Int] = [:]
    for reject in contents.rejects { counts[reject.rule, default: 0] += 1 }
    let byRule = counts.sorted { $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key }
    let declared = Set(contract.columns.map(\.name))
    let undeclared = contents.header.filter { !declared.contains($0) }
    let hasTarget = contract.target.map { contents.header.contains($0.name) } ?? false
    var notes: [String] = []
    if contents.blankLines > 0 { notes.append("\(contents.blankLines) blank lines were passed over.") }
    if !undeclared.isEmpty {
      notes.append(
        "Columns of the file that pipeline.json does not list are left out: \(undeclared.joined(separator: ", "))."
      )
    }
    if let target = contract.target, !hasTarget {
      notes.append("The file has no column \(target.name): no outcome is known yet.")
    }
    if dialect.encoding == .utf8, counts["invalidUTF8"] != nil {
      notes.append(
        "Rows that are not UTF-8 were rejected; if the file is in another encoding, declare it in \"dialect\"."
      )
    }
    self.contents = contents
    findings = IntakeFindings(
      bytes: source.count, delimiter: dialect.delimiterName, encoding: dialect.encoding.rawValue,
      byteOrderMark: sniffed.hasByteOrderMark,
      decimal: String(Character(Unicode.Scalar(dialect.decimal))), lineEnds: sniffed.lineEnds.rawValue,
      rowsRead: contents.rowsRead, rowsAccepted: contents.table.rowCount,
      rowsRejected: contents.rejects.count,
      columns: zip(contents.table.schema.fields, contents.table.columns).map { field, column in
        IntakeFindings.ColumnFinding(
          name: field.name, type: field.type.rawValue, missing: column.missingCount)
      },
      undeclaredColumns: undeclared,
      rejectsByRule: byRule.map { rule, rows in
        IntakeFindings.RejectCount(
          rule: rule, rows: rows,
          firstPlaces: contents.rejects.lazy.filter { $0.rule == rule }.prefix(5).map {
            "\(source.name):\($0.line):\($0.column)"
          })
      },
      hasTarget: hasTarget, notes: notes)
  }
}
