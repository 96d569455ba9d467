/// A stage: a declaration and a function from its declared inputs and parameters to its outputs.
///
/// A stage sees nothing it did not declare: `Inputs` refuses other names, the context has no clock
/// and no random numbers but those of its seed. Its outputs depend on nothing else, so equal keys
/// mean equal bytes, on any number of threads.
package protocol Stage: Sendable {
  /// What the stage is.
  static var declaration: StageDeclaration { get }

  /// The stage with these parameters; throws where two that fit alone do not fit together.
  init(parameters: ParameterValues) throws(ParameterError)

  /// Reads `inputs`, writes every declared output once, says what it did.
  func run(_ inputs: Inputs, _ outputs: Outputs, _ context: StageContext) throws -> StageSummary
}
