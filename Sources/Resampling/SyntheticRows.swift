import Clientele
import Learning
import Numerics
import Staging
import Tabular

/// Synthetic rows of a training part's rarer outcome, and where each comes from.
struct SyntheticRows {
  /// Rows of `features` they start from.
  private(set) var bases: [Int32] = []
  /// Rows of `features` they lie towards.
  private(set) var neighbours: [Int32] = []
  /// How far, 0 to 1.
  private(set) var steps: [Double] = []
  /// By column learnt from: numbers of a number column, else empty.
  private(set) var numbers: [[Double]] = []
  /// By column learnt from: texts of a category column, else empty.
  private(set) var texts: [[String?]] = []

  /// How many.
  var count: Int { bases.count }

  /// None.
  init() {}

  /// As many as bring the rarer outcome up to the other.
  ///
  /// Numbers are filled with the median and scaled by mean and deviation of this part's rows for the
  /// neighbour search; a synthetic number is missing where it is at both ends. With `keepsCategories` a
  /// category is the most frequent among the base's neighbours (SMOTE-NC); else each category counts as
  /// one number per text, and the nearer end's text is taken (SMOTE over one-hot numbers).
  init(
    _ part: TrainingPart, _ features: Table, keepsCategories: Bool, neighbours asked: Int,
    _ random: CounterGenerator, _ crew: Crew
  ) throws {
    let (rarePlaces, otherPlaces) = Reweighting.split(part)
    let rare = rarePlaces.map { part.rows[$0] }
    var numberColumns: [(place: Int, values: [Double], scaled: [Double])] = []
    var categoryColumns: [(place: Int, column: CategoryColumn)] = []
    var place = 0
    for (field, column) in zip(features.schema.fields, features.columns) where ExampleTable.isValue(field) {
      switch column {
      case .integer(let values):
        numberColumns.append(SyntheticRows.scaled(values.doubles(), place, rare, part.rows))
      case .real(let values):
        numberColumns.append(SyntheticRows.scaled(values.values, place, rare, part.rows))
      case .category(let categories): categoryColumns.append((place, categories))
      case .text: continue
      }
      place += 1
    }
    // What a differing category adds is measured by the numbers: without one all rows would be equally near.
    guard !keepsCategories || !numberColumns.isEmpty else {
      throw StageFault(
        .data, "resample.method smoteNC needs a column of numbers to tell near from far; there is none.",
        remedy: "Use smote, over, under, weights or none.")
    }
    let width = numberColumns.count
    var flat = [Double](repeating: 0, count: rare.count * width)
    for (column, scaled) in numberColumns.enumerated() {
      for point in rare.indices { flat[point * width + column] = scaled.scaled[point] }
    }
    let categoryWidth = categoryColumns.count
    var codes = [Int32](repeating: -1, count: rare.count * categoryWidth)
    for (column, category) in categoryColumns.enumerated() {
      for point in rare.indices {
        codes[point * categoryWidth + column] = category.column.codes[Int(rare[point])]
      }
    }
    let points = MixedPoints(
      count: rare.count, width: width, numbers: flat, categoryWidth: categoryWidth, codes: codes,
      // One 1 and one 0 change places between two texts: 1² + 1².
      mismatch: keepsCategories ? nil : 2)
    let near = Neighbours.search(points, asked: asked, crew: crew)
    let drawn: [Provenance]
    do {
      drawn = try Synthesis.draw(
        otherPlaces.count - rare.count, from: near, points: rare.count, random)
    } catch {
      throw StageFault(
        .data, "fold \(part.fold): \(error.description).",
        remedy: "Use resample.method none, or more customers.")
    }
    bases = drawn.map { rare[Int($0.base)] }
    neighbours = drawn.map { rare[Int($0.neighbour)] }
    steps = drawn.map(\.step)
    numbers = [[Double]](repeating: [], count: place)
    texts = [[String?]](repeating: [], count: place)
    for column in numberColumns {
      numbers[column.place] = drawn.map { row in
        let base = column.values[Int(row.base)]
        let other = column.values[Int(row.neighbour)]
        if base.isNaN { return other }
        return other.isNaN ? base : Synthesis.synthesize(base, other, row.step)
      }
    }
    for (column, category) in categoryColumns.enumerated() {
      texts[category.place] = drawn.map { row in
        let code: Int32
        if keepsCategories {
          let around = (0..<near.perPoint).map {
            codes[Int(near.indices[Int(row.base) * near.perPoint + $0]) * categoryWidth + column]
          }
          code = Synthesis.category(around)
        } else {
          let end = row.step < 0.5 ? row.base : row.neighbour
          code = codes[Int(end) * categoryWidth + column]
        }
        return code < 0 ? nil : category.column.dictionary[Int(code)]
      }
    }
  }

  /// The rarer rows' values as they are, and filled and scaled as the part's rows have it.
  private static func scaled(
    _ values: [Double], _ place: Int, _ rare: [Int32], _ rows: [Int32]
  ) -> (place: Int, values: [Double], scaled: [Double]) {
    let known = rows.map { values[Int($0)] }.filter { !$0.isNaN }.sorted()
    let median = known.isEmpty ? 0 : known[known.count / 2]
    let mean = known.isEmpty ? 0 : known.reduce(0, +) / Double(known.count)
    let variance =
      known.isEmpty ? 0 : known.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(known.count)
    let deviation = variance > 0 ? variance.squareRoot() : 1
    let own = rare.map { values[Int($0)] }
    return (place, own, own.map { (($0.isNaN ? median : $0) - mean) / deviation })
  }
}
