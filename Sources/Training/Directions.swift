import Modelling
import Staging

extension FeatureEncoding {
  /// For each column 1 where the risk may only rise along it, −1 where it may only fall, else 0; empty where none is
  /// named. Throws `StageFault` where a name is none of a column of numbers that is learnt from.
  func directions(rising: [String], falling: [String]) throws -> [Int8] {
    guard !rising.isEmpty || !falling.isEmpty else { return [] }
    var directions = [Int8](repeating: 0, count: columns.count)
    for (parameter, names, direction) in [("rising", rising, Int8(1)), ("falling", falling, -1)] {
      for name in names {
        guard let place = columns.firstIndex(where: { $0.name == name }) else {
          throw StageFault(
            .configuration, "\"\(parameter)\" of train names \"\(name)\", which is no column learnt from.",
            remedy: "Name columns of numbers with the role \"feature\", as the features have them.")
        }
        guard columns[place].kind == .number else {
          throw StageFault(
            .configuration,
            "\"\(parameter)\" of train names \"\(name)\", which holds categories: these have no order.",
            remedy: "Declare its type as a number in the contract, or take it from the list.")
        }
        guard directions[place] == 0 || directions[place] == direction else {
          throw StageFault(
            .configuration, "\"rising\" and \"falling\" of train both name \"\(name)\".",
            remedy: "Take it from one of the two.")
        }
        directions[place] = direction
      }
    }
    return directions
  }
}

extension TrainParameters {
  /// These parameters with the learners that keep directions, and a sentence of those left out; as they are where no
  /// direction is asked for. Throws `StageFault` where no learner is left.
  func keepingDirections() throws -> (parameters: TrainParameters, note: String?) {
    guard !rising.isEmpty || !falling.isEmpty else { return (self, nil) }
    let out = learners.filter { !$0.keepsDirections }
    guard !out.isEmpty else { return (self, nil) }
    var kept = self
    kept.learners = learners.filter(\.keepsDirections)
    let names = out.map(\.rawValue).joined(separator: ", ")
    guard !kept.learners.isEmpty else {
      throw StageFault(
        .configuration, "\(names) cannot be held to let the risk rise or fall with a column.",
        remedy: "Ask for boosting, symmetric, randomised or scorecard, or empty \"rising\" and \"falling\".")
    }
    return (kept, "\(names) left out: they cannot be held to let the risk rise or fall with a column.")
  }
}
