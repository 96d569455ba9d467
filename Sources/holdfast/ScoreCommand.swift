import ArgumentParser
import Cleaning
import Clientele
import Delimited
import Findings
import Fingerprints
import FoundationEssentials
import Ingesting
import Pipeline
import Scoring
import Staging
import Tabular

struct ScoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "score",
    abstract: "Score the customers of a file with the current model, on standard output.",
    discussion: """
      The numbers are those the pipeline gives the same customers, to the last bit: the same reading,
      cleaning and scoring, each customer by the model of its own fold.
      """)

  @Argument(
    help: ArgumentHelp(
      "A file of customers with the project's columns; the target may be absent.", valueName: "FILE.csv"))
  var file: String
  @Option(help: "The model: model, model@VERSION or model@champion.")
  var model = "model"
  @Flag(help: "One JSON object a line instead of CSV.")
  var json = false
  @OptionGroup var work: ThreadOptions
  @OptionGroup var options: ProjectOptions

  func run() throws {
    let project = try options.project()
    let predictions: Table
    do { predictions = try scored(project) } catch let fault as StageFault {
      let code: Int32 =
        switch fault.kind {
        case .failed, .notApplicable: 1
        case .configuration: 2
        case .data: 3
        case .model: 4
        }
      throw CommandEnd(code, fault.description)
    }
    if json {
      let keys = try predictions.texts(PredictionColumn.key)
      let folds = try predictions.integers(PredictionColumn.fold).values
      let scores = try predictions.numbers(PredictionColumn.score)
      let probabilities = try predictions.numbers(PredictionColumn.probability)
      let lows = try predictions.numbers(PredictionColumn.probabilityLow)
      let highs = try predictions.numbers(PredictionColumn.probabilityHigh)
      func known(_ number: Double) -> JSONValue { number.isNaN ? .null : .number(number) }
      for row in 0..<predictions.rowCount {
        Console.say(
          JSONText.line([
            "key": .string(keys.text(row) ?? ""), "fold": .number(Double(folds[row])),
            "score": .number(scores[row]),
            "probability": .number(probabilities[row]), "probabilityLow": known(lows[row]),
            "probabilityHigh": known(highs[row]),
          ]))
      }
    } else {
      DelimitedWriter(isFormulaSafe: false).write(predictions) { Console.write($0) }
    }
  }

  private func scored(_ project: Project) throws -> Table {
    guard let source = project.source("customers") else {
      throw CommandEnd(2, "pipeline.json declares no source \"customers\"")
    }
    let path = file.hasPrefix("/") ? file : try options.folder() + "/" + file
    guard let data = try? Data(contentsOf: URL(filePath: path)) else {
      throw CommandEnd(2, "there is no file \"\(file)\" that can be read")
    }
    let document: JSONValue = try ending {
      let reader = try ArtifactReader(folder: project.folder)
      guard case .document(let document) = try reader.preview(reader.version(model)) else {
        throw PipelineError(
          .usage, "\"\(model)\" is no document", remedy: "name a model, such as model@champion")
      }
      return document
    }
    let context = StageContext(
      seed: UInt64(bitPattern: Int64(project.pipeline.seed)), threads: work.threads,
      contracts: ["customers": source.contract])
    let intake = try Intake.read(
      SourceBytes(name: URL(filePath: path).lastPathComponent, bytes: [UInt8](data)), source.contract, context
    )
    for count in intake.findings.rejectsByRule {
      Console.complain(
        "note: \(Wording.count(count.rows, "row was", "rows were")) not taken (\(count.rule)): \(count.firstPlaces.joined(separator: ", "))"
      )
    }
    let artifacts = MemoryArtifacts()
    try artifacts.table("customers", intake.contents.table)
    guard let clean = project.stage("clean") else { throw CommandEnd(2, "the pipeline has no stage clean") }
    let parameters: ParameterValues = try ending {
      do { return try project.parameters(of: clean, profile: project.profile("default")) } catch let error
        as ParameterError
      {
        throw PipelineError(.usage, error.description)
      }
    }
    _ = try artifacts.run(CleanStage(parameters: parameters), context)
    let scores = try CustomerScores(
      features: artifacts.table("features", columns: nil), model: document, threads: work.threads)
    if let remark = scores.remark { Console.complain("note: \(remark)") }
    return scores.predictions
  }
}
