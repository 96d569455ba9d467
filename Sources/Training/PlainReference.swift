import Clientele
import Findings
import Fingerprints
import Learning
import Modelling
import Tabular

/// What resampling is compared with: the learner that scores, trained on the training parts as they are.
extension TrainingData {
  /// Labelled customers above which the comparison is made on a sample.
  static let mostPlainRows = 200_000

  /// All of them; of more than `most` labelled customers those whose keys have the lowest hashes, so that the sample
  /// depends neither on order nor on who else is in the file. `keys` are those of the table.
  func sampled(_ most: Int, keys: TextColumn) -> TrainingData {
    guard labelled.count > most else { return self }
    let hashes = labelled.map { stableHash(keys.utf8(Int($0)), seed: 0x706c_6169_6e00_0000) }
    guard let limit = lowestHashes(hashes, most).last else {
      preconditionFailure("a sample holds at least one customer")
    }
    let chosen = labelled.indices.filter { hashes[$0] <= limit }.prefix(most)
    return TrainingData(self, taking: chosen.map { labelled[$0] })
  }

  /// The figures of what was `trained` on these customers, who are all of `whole` or a sample of them.
  func reference(_ trained: Trained, of whole: TrainingData) -> TrainingFindings.PlainReference {
    TrainingFindings.PlainReference(
      learner: trained.learner,
      sample: labelled.count < whole.labelled.count
        ? "\(Wording.count(labelled.count)) customers drawn by key" : nil,
      rows: labelled.count, logLoss: trained.logLoss, rocAuc: trained.rocAuc)
  }
}
