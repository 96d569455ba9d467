import Learning
import Modelling
import Numerics

extension Trained {
  /// The models, each with the band of its scores: calibrated, as the probabilities are, on the other folds' customers,
  /// each scored by the model that had not seen it. Real customers as they are, however the training parts were
  /// resampled.
  func foldsWithBands(crew: Crew) -> [FoldModel] {
    let inputs = (heldOut, folds)
    return crew.map(folds.count) { fold in
      let ((scores, labels), folds) = inputs
      let others = folds.indices.filter { $0 != fold }
      var model = folds[fold]
      // Of one kind of customer alone there is nothing to learn: no band.
      model.band = try? VennAbers(
        scores: others.flatMap { scores[$0] },
        labels: others.flatMap { labels[$0].map { $0 > 0 ? UInt8(1) : 0 } }
      ).band
      return model
    }
  }
}
