/// What can be wrong with the declarations of a project. A code never changes its meaning; a code
/// that is no longer used is not given to anything else.
package enum DiagnosticCode: String, Sendable, CaseIterable {
  case unreadableFile = "C001"
  case notJSON = "C002"
  case wrongSchema = "C003"
  case wrongKind = "C004"
  case missingKey = "C005"
  case badName = "C006"
  case badPath = "C007"
  case valueNotAllowed = "C008"
  case repeated = "C009"
  case unknownStage = "C010"
  case unknownParameter = "C011"
  case unknownKey = "C012"
  case unknownColumn = "C013"
  case unknownArtifact = "C014"
  case twoProducers = "C015"
  case cycle = "C016"
  case disagreesWithStage = "C017"
  case contradiction = "C018"
  case badOverride = "C019"
  case unknownProfile = "C020"
  case parametersTogether = "C021"

  /// What the code means and how such a thing is mended, for `explain-error`.
  package var explanation: String {
    switch self {
    case .unreadableFile:
      "A declaration file is missing, cannot be read, or is larger than 16 MB. Every stage listed in pipeline.json has its file stages/<id>.json."
    case .notJSON:
      "The file is not strict JSON: a comma or quote too many or too few, a key twice in one object, a number beyond what 64 bits hold, or more than 64 levels of nesting. Only the first such place of a file can be said."
    case .wrongSchema:
      "The file does not say which format it is in, or names one this program does not read. pipeline.json has \"schema\": \"holdfast.pipeline/v1\", a stage's file \"holdfast.stage/v1\"."
    case .wrongKind:
      "A value of another kind is needed here: text, a whole number, a number, true or false, a list, or an object."
    case .missingKey: "An object lacks a member it must have."
    case .badName:
      "Names of pipelines, sources, stages, artifacts, profiles and parameters are 1 to 64 letters, digits, '-' and '_', and begin with a letter; so they can stand in paths, commands and the catalog as they are."
    case .badPath:
      "A file of an artifact stays inside artifacts/latest/<stage>: its name has no '/', is not '..' and begins with a letter or digit. A source's path has no NUL and is not empty; it may lie anywhere."
    case .valueNotAllowed: "The value is outside the range or not among the values that may stand here."
    case .repeated: "The same name stands twice in a list where each may stand once."
    case .unknownStage:
      "No stage of that name is built in, or this pipeline does not list it under \"stages\"."
    case .unknownParameter: "The stage has no parameter of that name."
    case .unknownKey:
      "The object has no such member. An object may have a member \"comment\" anywhere; nothing else is passed over."
    case .unknownColumn: "A rule names a column that the source does not declare."
    case .unknownArtifact: "A stage reads an artifact or a source that nothing in this pipeline brings."
    case .twoProducers:
      "Two stages make an artifact of the same name, or a stage makes two files of the same name."
    case .cycle: "Stages wait for one another in a circle, so none of them can begin."
    case .disagreesWithStage:
      "The file of a built-in stage says something else than the stage does. Inputs, outputs, names and types of parameters are the stage's own; defaults, narrower ranges and wording may be changed in the file."
    case .contradiction:
      "Declared facts that cannot hold together: no key column, two targets, a smallest value above the largest, a range on a column of text."
    case .badOverride:
      "An override is written PLACE=VALUE, where PLACE is STAGE.PARAMETER or the path of a member of pipeline.json."
    case .unknownProfile: "pipeline.json has no profile of that name."
    case .parametersTogether: "Each parameter fits alone, but the stage refuses them together."
    }
  }
}
