import Clientele
import Fingerprints
import Pipeline
import Staging
import Tabular

// Stages small enough to know by heart: numbers in, numbers out.
//
//   sources.numbers ─ read ─ values ─┬─ double ─ doubled ─┬─ add ─ total, note
//                                    └─ count ─ size ─────┘     └─ tell ─ page
//
// `mode` makes a stage do what stages do on a bad day.

private let mode = ParameterDeclaration(
  "mode", .choice(["well", "fail", "stop", "warn", "skip", "data", "model"]), default: "well",
  help: "How it goes.")

private func behave(_ stage: String, _ mode: String?) throws -> [CheckOutcome] {
  switch mode {
  case "fail": throw StageFault(.failed, "\(stage) was told to fail", remedy: "Tell it otherwise.")
  case "data": throw StageFault(.data, "\(stage) was told to refuse the data")
  case "skip": throw StageFault(.notApplicable, "\(stage) was told to skip")
  case "stop", "warn", "model":
    return [
      CheckOutcome(
        id: "told", subject: mode == "model" ? .model : .data, severity: mode == "warn" ? .warn : .stop,
        passed: false, message: "\(stage) was told to raise a check")
    ]
  default: return []
  }
}

struct ReadStage: Stage {
  static let declaration = StageDeclaration(
    id: "read", purpose: "Reads numbers.", codeVersion: 1, module: "Toys",
    inputs: [InputDeclaration("sources.numbers", purpose: "The numbers.")],
    outputs: [
      OutputDeclaration(
        "values", .document, format: "toy.values/v1", purpose: "The numbers read.", holds: .raw)
    ],
    parameters: [mode], contract: .types)
  let parameters: ParameterValues
  init(parameters: ParameterValues) { self.parameters = parameters }
  func run(_ inputs: Inputs, _ outputs: Outputs, _ context: StageContext) throws -> StageSummary {
    let checks = try behave("read", parameters.text("mode"))
    let bytes = try inputs.source("numbers").withBytes { span in
      (0..<span.byteCount).map { unsafe span.unsafeLoad(fromByteOffset: $0, as: UInt8.self) }
    }
    let values = bytes.split { $0 == 0x20 || $0 == 0x0A }.compactMap {
      Double(String(decoding: $0, as: UTF8.self))
    }
    try outputs.document("values", ["values": values])
    context.progress(StageProgress("reading", done: values.count, total: values.count))
    return StageSummary(rowsOut: values.count, checks: checks)
  }
}

struct Values: Codable { var values: [Double] }
struct Size: Codable { var size: Int }
struct Total: Codable { var total: Double }

struct DoubleStage: Stage {
  static let declaration = StageDeclaration(
    id: "double", purpose: "Multiplies.", codeVersion: 1, module: "Toys",
    inputs: [InputDeclaration("values", purpose: "Numbers.")],
    outputs: [
      OutputDeclaration("doubled", .table, format: "toy.doubled/v1", purpose: "Numbers, multiplied.")
    ],
    parameters: [
      ParameterDeclaration("factor", .number(0...100), default: 2, help: "By what."),
      ParameterDeclaration("rounds", .integer(1...10), default: 1, help: "How often."),
      ParameterDeclaration("label", .text, default: "x", help: "What it is called."),
      ParameterDeclaration(
        "limit", .number(0...Double.greatestFiniteMagnitude), default: nil, help: "Up to what."),
      mode,
    ], usesSeed: true)
  let parameters: ParameterValues
  init(parameters: ParameterValues) throws(ParameterError) {
    self.parameters = parameters
    if parameters.number("factor") == 13, parameters.integer("rounds") == 1 {
      throw ParameterError("factor", "13 needs more than one round")
    }
  }
  func run(_ inputs: Inputs, _ outputs: Outputs, _ context: StageContext) throws -> StageSummary {
    let checks = try behave("double", parameters.text("mode"))
    let values = try inputs.document("values", as: Values.self).values
    let factor = parameters.number("factor") ?? 1
    let table = Table([
      ("value", .real(RealColumn(values))), ("doubled", .real(RealColumn(values.map { $0 * factor }))),
    ])
    try outputs.table("doubled", table)
    return StageSummary(
      rowsIn: values.count, rowsOut: values.count, metrics: ["factor": factor], checks: checks)
  }
}

struct CountStage: Stage {
  static let declaration = StageDeclaration(
    id: "count", purpose: "Counts.", codeVersion: 1, module: "Toys",
    inputs: [InputDeclaration("values", purpose: "Numbers.")],
    outputs: [
      OutputDeclaration("size", .document, format: "toy.size/v1", purpose: "How many.", holds: .metric)
    ],
    parameters: [mode])
  let parameters: ParameterValues
  init(parameters: ParameterValues) { self.parameters = parameters }
  func run(_ inputs: Inputs, _ outputs: Outputs, _ context: StageContext) throws -> StageSummary {
    let checks = try behave("count", parameters.text("mode"))
    let values = try inputs.document("values", as: Values.self).values
    try outputs.document("size", Size(size: values.count))
    return StageSummary(rowsIn: values.count, checks: checks)
  }
}

struct AddStage: Stage {
  static let declaration = StageDeclaration(
    id: "add", purpose: "Adds.", codeVersion: 1, module: "Toys",
    inputs: [
      InputDeclaration("doubled", columns: ["doubled"], purpose: "What to add."),
      InputDeclaration("size", purpose: "How many there are."),
      InputDeclaration("champion.total", optional: true, purpose: "The frozen total."),
    ],
    outputs: [
      OutputDeclaration("total", .document, format: "toy.total/v1", purpose: "The sum.", holds: .model),
      OutputDeclaration(
        "note", .file, fileName: "note.csv", format: "toy.note/v1", purpose: "The sum, for others."),
    ],
    parameters: [mode])
  let parameters: ParameterValues
  init(parameters: ParameterValues) { self.parameters = parameters }
  func run(_ inputs: Inputs, _ outputs: Outputs, _ context: StageContext) throws -> StageSummary {
    let checks = try behave("add", parameters.text("mode"))
    let table = try inputs.table("doubled")
    let size = try inputs.document("size", as: Size.self).size
    let frozen = try inputs.documentIfPresent("champion.total", as: Total.self)?.total ?? 0
    let total = try table.numbers("doubled").reduce(0, +) + Double(size) * 0 + frozen
    try outputs.document("total", Total(total: total))
    try outputs.bytes("note", Array("total\n\(total)\n".utf8))
    return StageSummary(rowsIn: table.rowCount, remark: "total \(total)", checks: checks)
  }
}

struct TellStage: Stage {
  static let declaration = StageDeclaration(
    id: "tell", purpose: "Tells.", codeVersion: 1, module: "Toys",
    inputs: [
      InputDeclaration("total", purpose: "What to tell."),
      InputDeclaration("previous.total", optional: true, purpose: "What was told before."),
    ],
    outputs: [OutputDeclaration("page", .page, format: "toy.page/v1", purpose: "What is told.")],
    parameters: [ParameterDeclaration("greeting", .text, default: "Hello", help: "How it begins."), mode])
  let parameters: ParameterValues
  init(parameters: ParameterValues) { self.parameters = parameters }
  func run(_ inputs: Inputs, _ outputs: Outputs, _ context: StageContext) throws -> StageSummary {
    let checks = try behave("tell", parameters.text("mode"))
    let total = try inputs.document("total", as: Total.self).total
    let before = try inputs.documentIfPresent("previous.total", as: Total.self)?.total
    let text = "\(parameters.text("greeting") ?? "") \(total)" + (before.map { " was \($0)" } ?? "")
    try outputs.bytes("page", Array(text.utf8))
    return StageSummary(checks: checks)
  }
}

let toyStages: [any Stage.Type] = [
  ReadStage.self, DoubleStage.self, CountStage.self, AddStage.self, TellStage.self,
]
let toys = StageRegistry(
  toyStages,
  codeDigests: ["read": "aa", "double": "bb", "count": "cc", "add": "dd", "tell": "ee"])
