import Cleaning
import Evaluating
import Ingesting
import Ranking
import Reporting
import Resampling
import Scoring
import Segmenting
package import Staging
import Training

/// The one list of stages. Adding a stage is a module, a file in `stages/`, and a line here.
package enum Assembly {
  /// The stages, in the order of the pipeline.
  package static let stages: [any Stage.Type] = [
    IngestStage.self, CleanStage.self, ResampleStage.self, TrainStage.self, ScoreStage.self,
    EvaluateStage.self, SegmentStage.self, RankStage.self, ReportStage.self,
  ]

  /// Digest of each stage's code, by stage id: its module's sources and those of all modules below.
  package static let codeDigests: [String: String] = Dictionary(
    uniqueKeysWithValues: stages.map { stage in
      guard let digest = CodeDigests.byModule[stage.declaration.module] else {
        preconditionFailure("no digest of \(stage.declaration.module) was made at build")
      }
      return (stage.declaration.id, digest)
    })
}
