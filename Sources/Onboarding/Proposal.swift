package import Clientele
package import Delimited
import Numerics
import Tabular

/// What `holdfast init` proposes for a file: a contract, a `pipeline.json` that runs as it is, and what
/// a person should look at.
package struct Proposal: Sendable {
  /// What is promised of the file.
  package let contract: SourceContract
  /// How the file was found to be written.
  package let sniffed: SniffedDialect
  /// Rows that fit the header.
  package let rows: Int
  /// Rows that do not and will be rejected.
  package let misfits: Int
  /// The name given to the pipeline.
  package let name: String
  /// The text of `pipeline.json`.
  package let pipelineText: String
  /// What was decided and how to change it, in sentences; those that begin with "UNSURE" first.
  package let notes: [String]

  /// The columns with the role key.
  package var key: [String] { contract.keyColumns.map(\.name) }
  /// The column that says who left; `nil` for a project that only scores.
  package var target: String? { contract.target?.name }

  /// Looks at the whole file and proposes. Throws where nothing can be made of it.
  package init(
    _ raw: RawSpan, _ request: OnboardingRequest, threads: Int = 1
  ) throws(OnboardingError) {
    let survey = try Survey(raw, request)
    var roles = try Roles(survey, request)
    let gaps = GapProposal(survey, roles.contracts, Crew(threads: threads))
    for (place, rule) in gaps.rules { roles.contracts[place].structuralZero = rule }
    let money = MoneyProposal(survey.table, roles.contracts)
    // What another night's file must keep to is written down; an ordinary decimal point is not worth saying.
    let dialect = DialectContract(
      delimiter: String(Character(Unicode.Scalar(survey.dialect.delimiter))),
      encoding: survey.dialect.encoding.rawValue,
      decimal: String(Character(Unicode.Scalar(survey.dialect.decimal))), missing: request.dialect.missing)
    contract = SourceContract(dialect: dialect, columns: roles.contracts)
    sniffed = survey.sniffed
    rows = survey.profile.rows
    misfits = survey.profile.misfits
    name = Proposal.pipelineName(request.fileName)
    pipelineText =
      PipelineText(
        name: name, path: request.sourcePath, dialect: dialect, columns: roles.contracts,
        rank: money.parameters
      ).text
    let all = Proposal.fileNotes(survey) + roles.notes + gaps.notes + money.notes
    notes = all.filter { $0.hasPrefix("UNSURE") } + all.filter { !$0.hasPrefix("UNSURE") }
  }

  private static func fileNotes(_ survey: Survey) -> [String] {
    var notes: [String] = []
    if survey.profile.misfits > 0 {
      notes.append(
        "\(Wording.count(survey.profile.misfits, "row does", "rows do")) not fit the header or cannot be read and will be "
          + "rejected, each kept in rejects with its place.")
    }
    if survey.dialect.decimal == UInt8(ascii: ",") {
      notes.append(
        "Numbers are read with a decimal comma. If they are not written so, set \"decimal\": \".\".")
    }
    if survey.profile.rows < 100 {
      notes.append(
        "There are only \(Wording.count(survey.profile.rows, "row", "rows")): what a model says of so few is hardly worth "
          + "more than chance.")
    }
    return notes
  }

  /// The file's name without its ending as a name that may stand in paths and commands.
  static func pipelineName(_ fileName: String) -> String {
    let stem = fileName.split(separator: "/").last.map(String.init) ?? fileName
    var name = ""
    for byte in stem.utf8.prefix(while: { $0 != UInt8(ascii: ".") }) {
      let lower = byte | 0x20
      let isLetter = lower >= UInt8(ascii: "a") && lower <= UInt8(ascii: "z")
      let isDigit = byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
      if isLetter || (isDigit && !name.isEmpty) {
        name.append(Character(Unicode.Scalar(isLetter ? lower : byte)))
      } else if !name.isEmpty, name.last != "-" {
        name.append("-")
      }
    }
    while name.last == "-" { name.removeLast() }
    return name.isEmpty ? "customers" : String(name.prefix(64))
  }
}
