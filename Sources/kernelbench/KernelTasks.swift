import Learning
import Numerics
import Tabular

/// The tasks, with the settings the peers get.
struct KernelTasks {
  let task: String
  let path: String
  let customers: Customers
  let heldOut: Customers?
  let crew: Crew

  static let names = ["boosting", "forest", "score", "score6", "shap", "smote", "kmeans", "csv"]

  /// Rows a model is fitted on whose fit is not what is timed.
  private var fitted: [Int32] { (0..<Int32(min(customers.rows, 200_000))).map { $0 } }
  private var all: [Int32] { (0..<Int32(customers.rows)).map { $0 } }
  private var repetitions: Int { customers.rows >= 1_000_000 ? 1 : 3 }

  /// Runs the task named.
  func measured() throws -> Measurement {
    switch task {
    case "boosting": try boosting()
    case "forest": try forest()
    case "score": try scoring(leaves: 63, depth: 64, rate: 0.05)
    case "score6": try scoring(leaves: 64, depth: 6, rate: 0.1)
    case "shap": try attribution()
    case "smote": try synthesis()
    case "kmeans": clustering()
    case "csv": try reading()
    default: throw Complaint(description: "kernelbench: no task \(task); there are \(KernelTasks.names)")
    }
  }

  private var measurement: Measurement {
    Measurement(task: task, rows: customers.rows, threads: crew.threads)
  }

  private func boosted(_ rows: [Int32], leaves: Int = 63, depth: Int = 64, rate: Double = 0.05) throws
    -> (Binning, BoostedTrees)
  {
    var parameters = BoostingParameters()
    parameters.trees = 200
    parameters.leaves = leaves
    parameters.depth = depth
    parameters.learningRate = rate
    parameters.minimumHessian = 1e-3
    parameters.lambda = 0
    let frame = customers.frame
    let binning = Binning.learn(frame, training: rows, crew: crew)
    let matrix = binning.apply(frame, crew: crew)
    return (
      binning,
      try BoostedTrees.fit(
        matrix, labels: customers.outcomes, training: rows, parameters: parameters, crew: crew
      ).model
    )
  }

  private func boosting() throws -> Measurement {
    var measurement = measurement
    let (binning, model) = try measurement.time(repetitions) { try boosted(all) }
    measurement.record(model.trees.values)
    measurement.logLoss = heldOutLoss {
      model.logits(binning.apply($0.frame, crew: crew), rows: $1, crew: crew)
    }
    return measurement
  }

  private func forest() throws -> Measurement {
    var measurement = measurement
    var parameters = ForestParameters()
    parameters.trees = 100
    parameters.depth = 12
    parameters.minimumRows = 1
    parameters.columnsPerNode = 3
    let (binning, model) = try measurement.time(repetitions) {
      let frame = customers.frame
      let binning = Binning.learn(frame, training: all, crew: crew)
      let matrix = binning.apply(frame, crew: crew)
      return (
        binning,
        try RandomForest.fit(
          matrix, labels: customers.outcomes, training: all, parameters: parameters, crew: crew)
      )
    }
    measurement.logLoss = heldOutLoss {
      model.averaging(.probabilities).logits(binning.apply($0.frame, crew: crew), rows: $1, crew: crew)
    }
    return measurement
  }

  private func scoring(leaves: Int, depth: Int, rate: Double) throws -> Measurement {
    var measurement = measurement
    let (binning, model) = try boosted(fitted, leaves: leaves, depth: depth, rate: rate)
    let (frame, rows) = (customers.frame, all)
    let scores = measurement.time(3) {
      model.logits(binning.apply(frame, crew: crew), rows: rows, crew: crew).map { logistic($0) }
    }
    measurement.record(scores)
    return measurement
  }

  private func attribution() throws -> Measurement {
    var measurement = measurement
    let (binning, model) = try boosted(fitted)
    let rows = Array(all.prefix(20_000))
    let frame = customers.frame.taking(rows)
    let contributions = measurement.time(repetitions) {
      TreeAttribution(
        trees: model.trees, base: model.base, columns: customers.columns.count, mode: .pathDependent
      ).contributions(binning.apply(frame, crew: crew), rows: rows, crew: crew)
    }
    measurement.rows = rows.count
    measurement.record(contributions)
    return measurement
  }

  private func synthesis() throws -> Measurement {
    var measurement = measurement
    let width = customers.columns.count
    let numbers = customers.scaled(outcome: 1)
    let count = numbers.count / width
    let made = try measurement.time(repetitions) {
      let points = MixedPoints(
        count: count, width: width, numbers: numbers, categoryWidth: 0, codes: [])
      let near = Neighbours.search(points, asked: 5, crew: crew)
      let drawn = try Synthesis.draw(
        customers.rows - 2 * count, from: near, points: count, CounterGenerator(seed: 1, label: "smote"))
      var made: [Double] = []
      made.reserveCapacity(drawn.count * width)
      for row in drawn {
        let (base, other) = (Int(row.base) * width, Int(row.neighbour) * width)
        for column in 0..<width {
          made.append(Synthesis.synthesize(numbers[base + column], numbers[other + column], row.step))
        }
      }
      return made
    }
    measurement.rowsOut = customers.rows + made.count / width
    measurement.record(made)
    return measurement
  }

  private func clustering() -> Measurement {
    var measurement = measurement
    let points = PointMatrix(values: customers.scaled(), width: customers.columns.count)
    let found = measurement.time(repetitions) {
      (2...10).map { count in
        let draws = CounterGenerator(seed: 1, label: "kmeans")
        let start = KMeans.start(points, count: count, draws: draws, crew: crew)
        return KMeans.fit(points, from: start, crew: crew)
      }
    }
    measurement.inertia = found.map(\.inertia)
    measurement.rounds = found.map(\.rounds)
    measurement.record(found.flatMap(\.centres))
    return measurement
  }

  private func reading() throws -> Measurement {
    var measurement = measurement
    let table = try measurement.time(repetitions) { try Customers.table(path, threads: crew.threads) }
    measurement.rowsOut = table.rowCount
    return measurement
  }

  private func heldOutLoss(_ logits: (Customers, [Int32]) -> [Double]) -> Double? {
    guard let heldOut else { return nil }
    let rows = (0..<Int32(heldOut.rows)).map { $0 }
    var sum = 0.0
    for (logit, outcome) in zip(logits(heldOut, rows), heldOut.outcomes) {
      sum += logOnePlusExponential(logit) - outcome * logit
    }
    return sum / Double(heldOut.rows)
  }
}
