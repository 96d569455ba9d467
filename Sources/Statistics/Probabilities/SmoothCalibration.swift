import Numerics

/// Calibration error without bins (smooth ECE: Błasiok and Nakkiran, 2023): what is left of the residuals when each is
/// spread over the probabilities around its own by a bell curve, reflected at 0 and 1.
extension ScoreOrder {
  /// The smooth calibration error of the order's values, taken as probabilities (values beyond 0 … 1 count as these);
  /// 0 without rows.
  ///
  /// The width of the bell is the one at which the error equals the width, found by ten halvings, and at least .001.
  /// Residuals are first shared out between the points of a grid ten to a width, so that cost after sorting depends
  /// on the width alone, not on the number of rows.
  package func smoothCalibrationError() -> Double {
    guard count > 0 else { return 0 }
    var grid = ResidualGrid(self, points: ResidualGrid.points(width: 1))
    // Spreading residuals cancels some and adds to none, but for what the ends of the mesh count twice. Wide bells cost
    // most, and are mostly known too wide by this alone.
    let most = 1.2 * grid.residuals.reduce(0) { $0 + $1.magnitude } / Double(count)
    var (above, below) = (1.0, 0.0)
    for _ in 0..<10 {
      let middle = (above + below) / 2
      if middle < 0.001 {
        below = middle
      } else if middle >= most || middle >= smoothCalibrationError(width: middle, &grid) {
        above = middle
      } else {
        below = middle
      }
    }
    return smoothCalibrationError(width: above, &grid)
  }

  /// The same with a bell of one `width` (standard deviation).
  func smoothCalibrationError(width: Double) -> Double {
    var grid = ResidualGrid(self, points: ResidualGrid.points(width: width))
    return smoothCalibrationError(width: width, &grid)
  }

  private func smoothCalibrationError(width: Double, _ grid: inout ResidualGrid) -> Double {
    let fine = ResidualGrid.points(width: width)
    if grid.residuals.count != fine { grid = ResidualGrid(self, points: fine) }
    let (residuals, weights) = (grid.residuals, grid.weights)
    let mesh = max(200, Int((10 / width).rounded()))
    let step = 1 / Double(fine - 1)
    let scale = -0.5 / (width * width)
    // Beyond eight widths the bell is below 1e-14 of its height.
    let reach = 8 * width
    var (error, density) = (0.0, 0.0)
    for place in 0..<mesh {
      let t = Double(place) / Double(mesh - 1)
      var (residual, weight) = (0.0, 0.0)
      // The point itself and its images beyond either end, as far as the bell reaches.
      let images = Int((reach + 1) / 2) + 1
      for image in -images...images {
        for isMirrored in [false, true] {
          let centre = 2 * Double(image) + (isMirrored ? -t : t)
          guard centre + reach >= 0, centre - reach <= 1 else { continue }
          let first = max(0, Int(((centre - reach) / step).rounded(.up)))
          let last = min(fine - 1, Int(((centre + reach) / step).rounded(.down)))
          guard first <= last else { continue }
          for point in first...last where weights[point] > 0 {
            let distance = Double(point) * step - centre
            let height = exponential(scale * distance * distance)
            residual += height * residuals[point]
            weight += height * weights[point]
          }
        }
      }
      error += residual.magnitude
      density += weight
    }
    return density > 0 ? error / density : 0
  }
}

/// The sum of probability − outcome, and the number of rows, at equal steps from 0 to 1; what lies between two is shared
/// between them by nearness.
private struct ResidualGrid {
  var residuals: [Double]
  var weights: [Double]

  /// How many points a bell of some width asks for: ten to a width.
  static func points(width: Double) -> Int { max(1001, Int((10 / width).rounded()) + 1) }

  init(_ order: ScoreOrder, points: Int) {
    residuals = [Double](repeating: 0, count: points)
    weights = residuals
    for group in order.values.indices {
      let probability = min(max(order.values[group], 0), 1)
      let place = probability * Double(points - 1)
      let low = min(points - 2, Int(place))
      let share = place - Double(low)
      let (number, residual) = (
        Double(order.rows[group]), Double(order.rows[group]) * probability - Double(order.events[group])
      )
      residuals[low] += (1 - share) * residual
      residuals[low + 1] += share * residual
      weights[low] += (1 - share) * number
      weights[low + 1] += share * number
    }
  }
}
