package import Clientele

/// What the user said about a file besides the file itself.
package struct OnboardingRequest: Sendable, Equatable {
  /// The file's name, for messages and for the pipeline's name.
  package var fileName: String
  /// The path to write into `sources.customers.path`.
  package var sourcePath: String
  /// The columns that identify a customer; empty: to be found.
  package var key: [String]
  /// The column that says who left; `nil`: to be found.
  package var target: String?
  /// How the file is written, as far as declared; the rest is sniffed.
  package var dialect: DialectContract

  /// A request.
  package init(
    fileName: String, sourcePath: String, key: [String] = [], target: String? = nil,
    dialect: DialectContract = DialectContract()
  ) {
    self.fileName = fileName
    self.sourcePath = sourcePath
    self.key = key
    self.target = target
    self.dialect = dialect
  }
}
