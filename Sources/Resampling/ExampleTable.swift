import Clientele
import Findings
import Tabular

/// Gathers the table `examples`.
struct ExampleTable {
  private var folds: [Int64] = []
  private var rows: [Int64] = []
  private var isSource = Validity()
  private var weights: [Double] = []
  private var bases: [Int64] = []
  private var neighbours: [Int64] = []
  private var isSynthetic = Validity()
  private var steps: [Double] = []
  private var valueFields: [Field] = []
  /// One column of values a feature, for synthetic rows; missing in the others.
  private var numbers: [[Double]] = []
  private var texts: [[String?]] = []
  private var isNumber: [Bool] = []

  /// No examples, of no features.
  init() {}

  /// No examples yet, of the columns `features` is learnt from.
  init(_ features: Table) {
    for (field, column) in zip(features.schema.fields, features.columns) where ExampleTable.isValue(field) {
      valueFields.append(field)
      switch column {
      case .integer, .real: isNumber.append(true)
      case .category, .text: isNumber.append(false)
      }
    }
    numbers = valueFields.map { _ in [] }
    texts = valueFields.map { _ in [] }
  }

  /// Whether a column of `features` is learnt from.
  static func isValue(_ field: Field) -> Bool {
    let role = FeatureFacts(field).role
    return (role == .feature || role == .state) && field.type != .text
  }

  mutating func add(_ part: TrainingPart, weights given: [Double]) {
    for (place, weight) in given.enumerated() where weight != 1 {
      addHead(fold: part.fold, weight: weight)
      rows.append(Int64(part.rows[place]))
      isSource.append(true)
      bases.append(0)
      neighbours.append(0)
      isSynthetic.append(false)
      steps.append(.nan)
      for column in valueFields.indices {
        if isNumber[column] { numbers[column].append(.nan) } else { texts[column].append(nil) }
      }
    }
  }

  mutating func add(_ part: TrainingPart, _ synthetic: SyntheticRows) {
    for place in 0..<synthetic.count {
      addHead(fold: part.fold, weight: 1)
      rows.append(0)
      isSource.append(false)
      bases.append(Int64(synthetic.bases[place]))
      neighbours.append(Int64(synthetic.neighbours[place]))
      isSynthetic.append(true)
      steps.append(synthetic.steps[place])
      for column in valueFields.indices {
        if isNumber[column] {
          numbers[column].append(synthetic.numbers[column][place])
        } else {
          texts[column].append(synthetic.texts[column][place])
        }
      }
    }
  }

  private mutating func addHead(fold: Int, weight: Double) {
    folds.append(Int64(fold))
    weights.append(weight)
  }

  /// The table; the method stands in its metadata.
  func finish(_ method: ResamplingMethod) -> Table {
    var fields = [
      Field(ExampleColumn.fold, .integer), Field(ExampleColumn.row, .integer),
      Field(ExampleColumn.weight, .real), Field(ExampleColumn.base, .integer),
      Field(ExampleColumn.neighbour, .integer), Field(ExampleColumn.step, .real),
    ]
    var columns: [Column] = [
      .integer(IntegerColumn(folds)), .integer(IntegerColumn(rows, validity: isSource)),
      .real(RealColumn(weights)),
      .integer(IntegerColumn(bases, validity: isSynthetic)),
      .integer(IntegerColumn(neighbours, validity: isSynthetic)), .real(RealColumn(steps)),
    ]
    if steps.contains(where: { !$0.isNaN }) {
      for (place, field) in valueFields.enumerated() {
        if isNumber[place] {
          fields.append(Field(field.name, .real, metadata: field.metadata))
          columns.append(.real(RealColumn(numbers[place])))
        } else {
          let dictionary = Set(texts[place].compactMap { $0 }).sorted {
            $0.utf8.lexicographicallyPrecedes($1.utf8)
          }
          var codes: [String: Int32] = [:]
          for (code, text) in dictionary.enumerated() { codes[text] = Int32(code) }
          fields.append(Field(field.name, .category, metadata: field.metadata))
          columns.append(
            .category(
              CategoryColumn(
                codes: texts[place].map { $0.flatMap { codes[$0] } ?? -1 }, dictionary: dictionary)))
        }
      }
    }
    return Table(
      schema: Schema(fields, metadata: ["holdfast.resampling": method.rawValue]), columns: columns,
      rowCount: folds.count)
  }
}
