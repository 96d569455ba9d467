import Clientele
import Findings
package import Fingerprints
package import Modelling
import Numerics
import Staging
package import Tabular

/// The scores of a table of customers: what the stage `score` writes and `holdfast score FILE` prints, by the one
/// function that both call. One customer, one number.
package struct CustomerScores: Sendable {
  /// Key, fold, score, probability and the range that holds it, in the order of the features.
  package let predictions: Table
  /// Texts the model never saw, by column; those customers took the missing path there.
  package let unseen: [EncodedFeatures.Unseen]

  /// Customers scored together: what is reckoned of them besides their scores is in memory for so many at a time.
  package static let mostTogether = 1 << 20

  /// Scores `features` (as `clean` makes them) with the document `model`. Throws `StageFault` where they do not fit.
  package init(features: Table, model: JSONValue, threads: Int) throws {
    try self.init(rows: features.rowCount, model: model, threads: threads) { _, _ in features }
  }

  /// The same of features of so many `rows`, which `read` gives range by range, at least the columns that it is told,
  /// where the features have them: a customer's score depends on nobody else.
  package init(
    rows: Int, model document: JSONValue, threads: Int, together: Int = CustomerScores.mostTogether,
    read: (_ rows: Range<Int>, _ columns: [String]) throws -> Table
  ) throws {
    let model = try CustomerScores.fitting { try ChurnModel(document: document) }
    let crew = Crew(threads: threads)
    let columns = model.encoding.columns.map(\.name)
    var (folds, keys) = ([Int64](), TextColumnBuilder(capacity: rows))
    var numbers = [[Double]](repeating: [], count: 4)
    for place in numbers.indices { numbers[place].reserveInLargePages(rows) }
    folds.reserveInLargePages(rows)
    var unseen: [EncodedFeatures.Unseen] = []
    var first = 0
    repeat {
      let features = try read(
        first..<min(rows, first + together), [FeatureColumn.key] + columns)
      let (scores, names) = try CustomerScores.fitting {
        (try model.score(features, crew: crew), try features.texts(FeatureColumn.key))
      }
      folds += scores.folds
      numbers[0] += scores.scores
      numbers[1] += scores.probabilities
      numbers[2] += scores.lows
      numbers[3] += scores.highs
      keys.append(names)
      for more in scores.unseen {
        if let place = unseen.firstIndex(where: { $0.column == more.column }) {
          unseen[place].rows += more.rows
        } else {
          unseen.append(more)
        }
      }
      first += max(1, features.rowCount)
    } while first < rows
    self.unseen = unseen.sorted {
      (columns.firstIndex(of: $0.column) ?? 0) < (columns.firstIndex(of: $1.column) ?? 0)
    }
    predictions = Table([
      (PredictionColumn.key, .text(keys.finish())), (PredictionColumn.fold, .integer(IntegerColumn(folds))),
      (PredictionColumn.score, .real(RealColumn(numbers[0]))),
      (PredictionColumn.probability, .real(RealColumn(numbers[1]))),
      (PredictionColumn.probabilityLow, .real(RealColumn(numbers[2]))),
      (PredictionColumn.probabilityHigh, .real(RealColumn(numbers[3]))),
    ])
  }

  private static func fitting<Value>(_ body: () throws -> Value) throws -> Value {
    do { return try body() } catch let error as ModellingError {
      let kind: StageFault.Kind = error.kind == .tableDoesNotFit ? .data : .model
      throw StageFault(kind, error.description + ".")
    }
  }

  /// The mean probability of leaving; 0 where there is no customer.
  package var meanProbability: Double {
    guard let column = try? predictions.numbers(PredictionColumn.probability), !column.isEmpty else {
      return 0
    }
    return column.reduce(0, +) / Double(column.count)
  }

  /// One short remark for the stage's line: unseen texts, where there are any.
  package var remark: String? {
    let rows = unseen.reduce(0) { $0 + $1.rows }
    return rows == 0
      ? nil
      : "\(Wording.count(rows, "unseen text", "unseen texts")) in \(unseen.map(\.column).joined(separator: ", "))"
  }
}
