import Catalog
import Clientele
import Columnar
import Fingerprints
import Modelling
import Numerics
import Pipeline

/// What reasons rest on: the models that runs scored with, and whom they compare with in their tables of features. Read
/// for all runs of a question at once, on two threads, each once.
struct CustomerGrounds: Sendable {
  private var models: [Digest: ChurnModel] = [:]
  private var backgrounds: [Digest: [Int]] = [:]

  private enum Ground: Sendable {
    case model(Digest, ChurnModel)
    case background(Digest, [Int])
  }

  /// Reads what `runs` name.
  init(_ past: PastArtifacts, _ runs: [PastRun]) throws {
    var wanted: [(isModel: Bool, digest: Digest)] = []
    for run in runs {
      guard let model = run.stage("score")?.inputs["model"], let table = run.output("features") else {
        continue
      }
      for ground in [(isModel: true, digest: model), (isModel: false, digest: table)]
      where !wanted.contains(where: { $0 == ground }) { wanted.append(ground) }
    }
    let asked = wanted
    let found = try Crew(threads: 2).map(asked.count) { place throws(any Error) -> Ground in
      let digest = asked[place].digest
      return asked[place].isModel
        ? .model(digest, try CustomerGrounds.model(past, digest))
        : .background(digest, try CustomerGrounds.background(past, digest))
    }
    for ground in found {
      switch ground {
      case .model(let digest, let model): models[digest] = model
      case .background(let digest, let rows): backgrounds[digest] = rows
      }
    }
  }

  /// The model of that digest, where a run asked about names it.
  func model(_ digest: Digest) -> ChurnModel? { models[digest] }

  /// The rows of those that others are compared with, in the table of that digest.
  func background(_ digest: Digest) -> [Int]? { backgrounds[digest] }

  private static func model(_ past: PastArtifacts, _ digest: Digest) throws -> ChurnModel {
    do { return try ChurnModel(document: past.document("model", digest)) } catch let error as ModellingError {
      throw PipelineError(.integrity, "the score cannot be explained: \(error.description)")
    }
  }

  private static func background(_ past: PastArtifacts, _ digest: Digest) throws -> [Int] {
    var background = ExplanationBackground()
    try past.table("features", digest).lendTexts(in: FeatureColumn.key) { rows, starts, texts, isWide in
      background.take(rows: rows, starts: starts, isWide: isWide, of: texts)
    }
    return background.rows.map { Int($0) }
  }
}
