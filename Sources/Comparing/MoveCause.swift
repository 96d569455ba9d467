package import Fingerprints

/// What may change between two rankings: each is the old one or the new one.
package struct RankingMake: Sendable, Hashable {
  /// Which customers with which features.
  package var newData: Bool
  /// Which model scores them.
  package var newModel: Bool
  /// Which parameters of `rank` turn scores into money.
  package var newAssumptions: Bool

  /// A make.
  package init(newData: Bool, newModel: Bool, newAssumptions: Bool) {
    self.newData = newData
    self.newModel = newModel
    self.newAssumptions = newAssumptions
  }

  /// All eight, the old one first, the new one last.
  package static let all: [RankingMake] = (0..<8).map {
    RankingMake(newData: $0 & 1 != 0, newModel: $0 & 2 != 0, newAssumptions: $0 & 4 != 0)
  }
}

/// Why a customer's place changed.
package struct MoveCause: Sendable, Equatable {
  /// The cause in a word: `data`, `model`, `assumption`, `newCustomer`, `goneCustomer`; `none` where the places
  /// of the makes do not differ.
  package var word: String
  /// Places moved by the data (positive: towards the top), by the model, by the assumptions; together the
  /// whole move. `nil` for a customer who came or went.
  package var places: (data: Double, model: Double, assumption: Double)?

  static let newCustomer = MoveCause(word: "newCustomer", places: nil)
  static let goneCustomer = MoveCause(word: "goneCustomer", places: nil)

  private init(word: String, places: (data: Double, model: Double, assumption: Double)?) {
    self.word = word
    self.places = places
  }

  /// The cause of a move from the places a customer has in all eight makes, in the order of
  /// `RankingMake.all`: each of the three is swapped for the new one in each of the six orders, and what the
  /// place moves by at its swap is averaged (Shapley, 1953). The cause is the one that moved it furthest in
  /// the direction it went.
  package init(ranks: [Double]) {
    precondition(ranks.count == 8, "one place for each make")
    func gain(_ bit: Int) -> Double {
      let others = [1, 2, 4].filter { $0 != bit }
      func step(_ from: Int) -> Double { ranks[from] - ranks[from | bit] }
      return (2 * step(0) + step(others[0]) + step(others[1]) + 2 * step(others[0] | others[1])) / 6
    }
    let gains = [gain(1), gain(2), gain(4)]
    let whole = ranks[0] - ranks[7]
    places = (gains[0], gains[1], gains[2])
    var best = -1
    for place in 0..<3 {
      let along = whole < 0 ? -gains[place] : gains[place]
      let most = best < 0 ? 1e-9 : whole < 0 ? -gains[best] : gains[best]
      if along > most { best = place }
    }
    word = best < 0 ? "none" : ["data", "model", "assumption"][best]
  }

  package static func == (left: MoveCause, right: MoveCause) -> Bool {
    left.word == right.word && left.places?.data == right.places?.data
      && left.places?.model == right.places?.model && left.places?.assumption == right.places?.assumption
  }

  /// For programs.
  package var json: JSONValue {
    [
      "word": .string(word),
      "places": places.map {
        ["data": .number($0.data), "model": .number($0.model), "assumption": .number($0.assumption)]
      } ?? .null,
    ]
  }
}
