import Learning
import Numerics
import Tabular

/// The columns learnt from, of a training part's rows, as neighbours are looked for: numbers filled with the part's
/// median and scaled by its mean and deviation, categories by code.
struct SearchColumns {
  /// A column of numbers.
  struct Numbers {
    /// Its place among the columns learnt from.
    var place: Int
    /// The part's values as they are, row by row; NaN where missing.
    var values: [Double]
    /// The same filled and scaled.
    var scaled: [Double]
  }

  private let rows: [Int32]
  private(set) var numbers: [Numbers] = []
  private(set) var categories: [(place: Int, column: CategoryColumn)] = []
  /// How many columns are learnt from.
  private(set) var count = 0

  /// The columns of `features`, for `rows` of it.
  init(_ features: Table, rows: [Int32]) {
    self.rows = rows
    for (field, column) in zip(features.schema.fields, features.columns) where ExampleTable.isValue(field) {
      switch column {
      case .integer(let values): numbers.append(SearchColumns.scaled(values.doubles(), count, rows))
      case .real(let values): numbers.append(SearchColumns.scaled(values.values, count, rows))
      case .category(let categories): self.categories.append((count, categories))
      case .text: continue
      }
      count += 1
    }
  }

  /// The rows at some `places` of the part as points.
  func points(_ places: [Int], mismatch: Double?) -> MixedPoints {
    let width = numbers.count
    var flat = [Double](repeating: 0, count: places.count * width)
    for (column, own) in numbers.enumerated() {
      for (point, place) in places.enumerated() { flat[point * width + column] = own.scaled[place] }
    }
    let categoryWidth = categories.count
    var codes = [Int32](repeating: -1, count: places.count * categoryWidth)
    for (column, category) in categories.enumerated() {
      for (point, place) in places.enumerated() {
        codes[point * categoryWidth + column] = category.column.codes[Int(rows[place])]
      }
    }
    return MixedPoints(
      count: places.count, width: width, numbers: flat, categoryWidth: categoryWidth, codes: codes,
      mismatch: mismatch)
  }

  /// What lies around the rows at `rare` places among all rows of the part.
  func surroundings(_ rare: [Int], asked: Int, mismatch: Double, _ crew: Crew) -> Surroundings {
    Surroundings(
      points(Array(rows.indices), mismatch: mismatch), rare: rare.map(Int32.init), asked: asked, crew: crew)
  }

  private static func scaled(_ values: [Double], _ place: Int, _ rows: [Int32]) -> Numbers {
    let own = rows.map { values[Int($0)] }
    let known = own.filter(\.isFinite).sorted()
    let median = known.isEmpty ? 0 : known[known.count / 2]
    let mean = known.isEmpty ? 0 : known.reduce(0, +) / Double(known.count)
    let variance =
      known.isEmpty ? 0 : known.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(known.count)
    // Numbers so large that their squares have no end tell no distances: all are equally near.
    guard mean.isFinite, variance.isFinite else {
      return Numbers(place: place, values: own, scaled: own.map { _ in 0 })
    }
    let deviation = variance > 0 ? variance.squareRoot() : 1
    return Numbers(
      place: place, values: own, scaled: own.map { (($0.isFinite ? $0 : median) - mean) / deviation })
  }
}
