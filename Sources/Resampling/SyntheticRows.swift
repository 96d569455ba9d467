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
  /// Why there are none where some were asked for.
  private(set) var note: String?

  /// How many.
  var count: Int { bases.count }

  /// None.
  init() {}

  /// As many as bring the rarer outcome up to the other; none, and a note, where the method finds no row to start from.
  ///
  /// Neighbours are looked for among scaled numbers and categories (`SearchColumns`); a synthetic number is missing
  /// where it is at both ends. Where the method keeps categories, one is the most frequent among the base's neighbours
  /// (SMOTE-NC); else each category counts as one number per text, and the nearer end's text is taken (SMOTE over
  /// one-hot numbers).
  init(
    _ part: TrainingPart, _ features: Table, method: ResamplingMethod, neighbours asked: Int,
    _ random: CounterGenerator, _ crew: Crew
  ) throws {
    let (rarePlaces, otherPlaces) = Reweighting.split(part)
    let rare = rarePlaces.map { part.rows[$0] }
    let columns = SearchColumns(features, rows: part.rows)
    // What a differing category adds is measured by the numbers: without one all rows would be equally near.
    guard !method.keepsCategories || !columns.numbers.isEmpty else {
      throw StageFault(
        .data,
        "resample.method \(method.rawValue) needs a column of numbers to tell near from far; there is none.",
        remedy: "Use smote, over, under, weights or none.")
    }
    // One 1 and one 0 change places between two texts: 1² + 1².
    let points = columns.points(rarePlaces, mismatch: method.keepsCategories ? nil : 2)
    let near = Neighbours.search(points, asked: asked, crew: crew)
    let wanted = otherPlaces.count - rare.count
    let drawn: [Provenance]
    do {
      switch method {
      case .borderline where rare.count > 1:
        let around = columns.surroundings(rarePlaces, asked: 2 * asked, mismatch: points.mismatch, crew)
        let border = around.danger
        drawn = try Synthesis.draw(wanted, from: near, bases: border, points: rare.count, random)
        if border.isEmpty, wanted > 0 {
          note =
            "no customer of the rarer outcome lies on the border (half of \(around.perPoint) neighbours, but not all, "
            + "of the other outcome); nothing was made."
        }
      case .adasyn where rare.count > 1:
        let around = columns.surroundings(rarePlaces, asked: asked, mismatch: points.mismatch, crew)
        let counts = around.adaptiveCounts(wanted)
        drawn = try Synthesis.draw(counts: counts ?? [], from: near, random)
        if counts == nil, wanted > 0 {
          note =
            "no customer of the rarer outcome has one of the other among \(around.perPoint) neighbours; "
            + "nothing was made."
        }
      // Fewer than two rows are refused alike by every method.
      default: drawn = try Synthesis.draw(wanted, from: near, points: rare.count, random)
      }
    } catch {
      throw StageFault(
        .data, "fold \(part.fold): \(error.description).",
        remedy: "Use resample.method none, or more customers.")
    }
    bases = drawn.map { rare[Int($0.base)] }
    neighbours = drawn.map { rare[Int($0.neighbour)] }
    steps = drawn.map(\.step)
    numbers = [[Double]](repeating: [], count: columns.count)
    texts = [[String?]](repeating: [], count: columns.count)
    for column in columns.numbers {
      numbers[column.place] = drawn.map { row in
        let base = column.values[rarePlaces[Int(row.base)]]
        let other = column.values[rarePlaces[Int(row.neighbour)]]
        if !base.isFinite { return other.isFinite ? other : .nan }
        return other.isFinite ? Synthesis.synthesize(base, other, row.step) : base
      }
    }
    for (column, category) in columns.categories.enumerated() {
      let width = points.categoryWidth
      texts[category.place] = drawn.map { row in
        let code: Int32
        if method.keepsCategories {
          let around = (0..<near.perPoint).map {
            points.codes[Int(near.indices[Int(row.base) * near.perPoint + $0]) * width + column]
          }
          code = Synthesis.category(around)
        } else {
          let end = row.step < 0.5 ? row.base : row.neighbour
          code = points.codes[Int(end) * width + column]
        }
        return code < 0 ? nil : category.column.dictionary[Int(code)]
      }
    }
  }
}
