import Clientele
import Delimited
import Tabular

/// A file as it is: how it is written, what each column holds, and its rows.
struct Survey: Sendable {
  /// How the file is written: declared where declared, else sniffed.
  let dialect: Dialect
  /// Where in the file the beginning is not UTF-8.
  let sniffed: SniffedDialect
  /// What each column holds.
  let profile: FileProfile
  /// The rows that fit the header, with every column but long text. Columns that may be a key are text.
  let table: Table
  /// Labels and samples take no more rows than this.
  let fileName: String

  /// Looks at the whole file.
  init(_ raw: RawSpan, _ request: OnboardingRequest) throws(OnboardingError) {
    fileName = request.fileName
    sniffed = SniffedDialect(raw)
    let declared = request.dialect
    let encoding = declared.encoding.flatMap(TextEncoding.init)
    dialect = Dialect(
      delimiter: declared.delimiter.flatMap(Dialect.delimiter(named:)) ?? sniffed.delimiter,
      encoding: encoding ?? .utf8,
      decimal: declared.decimal?.utf8.first ?? sniffed.decimal,
      missing: declared.missing ?? DialectContract.usualMissing)
    do {
      profile = try FileProfile(raw, dialect: dialect, file: request.fileName)
    } catch {
      throw Survey.refusal(error)
    }
    if profile.rows == 0 || profile.misfits * 20 > profile.rows, encoding == nil,
      sniffed.firstInvalidByte != nil
    {
      throw OnboardingError(
        .encoding, "\(request.fileName) is not UTF-8.",
        remedy: "Declare how it is encoded: --encoding windows-1251 (Cyrillic) or --encoding latin-1.")
    }
    guard profile.rows > 0 else {
      throw OnboardingError(
        .unreadable, "no row of \(request.fileName) has as many fields as its header.",
        remedy: "Check the delimiter (\(dialect.delimiterName) was taken) and the header.")
    }
    let requests = profile.columns.map { column in
      ColumnRequest(name: column.name, type: Survey.type(column))
    }
    do {
      table = try DelimitedReader(dialect: dialect, requests: requests).read(raw, file: request.fileName)
        .table
    } catch {
      throw Survey.refusal(error)
    }
  }

  /// The type a column is given: an identifier that seldom repeats is text, so that it stays as it was
  /// read; one that repeats (a branch's) names a group.
  static func type(_ column: ColumnProfile) -> ColumnType {
    guard ColumnName(column.name).isIdentifier, column.type != .real else { return column.type }
    if column.distinct * 2 > column.present || column.distinct > 1000 { return .text }
    return column.present == 0 ? column.type : .category
  }

  private static func refusal(_ error: DelimitedError) -> OnboardingError {
    let kind: OnboardingError.Kind = error.kind == .notUTF8 ? .encoding : .unreadable
    return OnboardingError(kind, "\(error.place): \(error.message)", remedy: error.remedy)
  }
}

extension ColumnName {
  /// Whether the name is an identifier's: known as one, or with `id` as its first or last word.
  var isIdentifier: Bool {
    if isOne(of: Vocabulary.ids) || words.last == "id" || words.first == "id" { return true }
    // CUSTOMERID, userid: the word runs on without a boundary.
    return ["customerid", "clientid", "userid", "accountid", "custid"].contains { plain.hasSuffix($0) }
  }
}
