package import Fingerprints

/// What kind of thing an artifact is, and so how it is written.
package enum ArtifactKind: String, Sendable, Codable, CaseIterable {
  /// An Arrow IPC file.
  case table
  /// Canonical JSON with a schema name and version.
  case document
  /// A self-contained HTML page.
  case page
  /// Any bytes for other systems, such as CSV.
  case file
}

/// What an artifact holds: decides what an erasure takes away.
package enum DataClass: String, Sendable, Codable, CaseIterable {
  /// Persons' data as they came.
  case raw = "raw-PII"
  /// What was made of persons' data, person by person, or names some.
  case derived = "derived-PII"
  /// A model learnt from many.
  case model
  /// A page that names nobody.
  case report
  /// Figures over many.
  case metric
}

/// One thing a stage reads.
package struct InputDeclaration: Sendable, Equatable {
  /// The artifact's name, or `sources.NAME` for a source.
  package var name: String
  /// The stage runs without it.
  package var isOptional: Bool
  /// The columns it needs of a table, for people and for checks; empty: those its schema brings.
  package var columns: [String]
  /// One sentence: what for.
  package var purpose: String

  /// An input.
  package init(_ name: String, optional: Bool = false, columns: [String] = [], purpose: String) {
    self.name = name
    self.isOptional = optional
    self.columns = columns
    self.purpose = purpose
  }
}

/// One thing a stage writes.
package struct OutputDeclaration: Sendable, Equatable {
  /// The artifact's name, one in the whole pipeline.
  package var name: String
  /// What kind of thing it is.
  package var kind: ArtifactKind
  /// The file's name under `artifacts/latest/<stage>/`.
  package var fileName: String
  /// Name and version of its format, such as `holdfast.metrics/v1`; part of the stage's key.
  package var format: String
  /// One sentence: what it is.
  package var purpose: String
  /// What it holds; no part of the stage's key.
  package var dataClass: DataClass

  /// An output; where nothing is said of what it holds, it is persons' data. Where no file name is given: `name.arrow`, `name.json`, `index.html`.
  package init(
    _ name: String, _ kind: ArtifactKind, fileName: String? = nil, format: String, purpose: String,
    holds dataClass: DataClass = .derived
  ) {
    self.dataClass = dataClass
    self.name = name
    self.kind = kind
    switch kind {
    case .table: self.fileName = fileName ?? name + ".arrow"
    case .document: self.fileName = fileName ?? name + ".json"
    case .page: self.fileName = fileName ?? "index.html"
    case .file: self.fileName = fileName ?? name
    }
    self.format = format
    self.purpose = purpose
  }
}

/// What a parameter may be.
package enum ParameterType: Sendable, Equatable {
  /// A whole number in a range.
  case integer(ClosedRange<Int>)
  /// A number in a range.
  case number(ClosedRange<Double>)
  /// true or false.
  case flag
  /// One of these texts.
  case choice([String])
  /// A list of some of these texts, without repeats, at least one.
  case choices([String])
  /// Any text.
  case text
  /// A list of texts.
  case texts
}

/// One parameter of a stage.
package struct ParameterDeclaration: Sendable, Equatable {
  /// Its name.
  package var name: String
  /// What it may be.
  package var type: ParameterType
  /// What it is where nothing is said. `null` means "none" or "automatic" and makes `null` allowed.
  package var defaultValue: JSONValue
  /// One sentence of help.
  package var help: String

  /// A parameter.
  package init(_ name: String, _ type: ParameterType, default defaultValue: JSONValue, help: String) {
    self.name = name
    self.type = type
    self.defaultValue = defaultValue
    self.help = help
  }
}

/// How much of a source's contract a stage is handed, and so what of it is in the stage's key.
package enum ContractNeed: String, Sendable, Codable {
  /// Nothing.
  case none
  /// Dialect, names, types, which are key and target.
  case types
  /// All of it.
  case all
}

/// What a stage is: the same facts that `stages/<id>.json` declares.
package struct StageDeclaration: Sendable, Equatable {
  /// The stage's name in commands and files.
  package var id: String
  /// One sentence: what it does.
  package var purpose: String
  /// Raised by hand when the stage's results change on purpose; part of its key.
  package var codeVersion: Int
  /// The module whose sources (with those it imports) are the code part of its key.
  package var module: String
  /// What it reads.
  package var inputs: [InputDeclaration]
  /// What it writes.
  package var outputs: [OutputDeclaration]
  /// What can be set.
  package var parameters: [ParameterDeclaration]
  /// How much of the sources' contracts it is handed.
  package var contract: ContractNeed
  /// Whether it draws random numbers, so that the seed is in its key.
  package var usesSeed: Bool

  /// A declaration.
  package init(
    id: String, purpose: String, codeVersion: Int, module: String, inputs: [InputDeclaration],
    outputs: [OutputDeclaration], parameters: [ParameterDeclaration] = [], contract: ContractNeed = .none,
    usesSeed: Bool = false
  ) {
    self.id = id
    self.purpose = purpose
    self.codeVersion = codeVersion
    self.module = module
    self.inputs = inputs
    self.outputs = outputs
    self.parameters = parameters
    self.contract = contract
    self.usesSeed = usesSeed
  }
}
