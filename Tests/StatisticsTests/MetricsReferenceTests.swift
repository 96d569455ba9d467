import Foundation
import Testing

@testable import Statistics

/// Figures of four samples against the Python references (Tests/Golden/metrics).
struct MetricsReferenceTests {
  private struct Line {
    var figure: String
    var sample: String
    var numbers: [Double]
  }

  private static let orders: [String: ScoreOrder] = [
    "plain": Lcg200.scores,
    "rounded": Lcg200.scores.map { ($0 * 10).rounded(.toNearestOrEven) / 10 },
    "turned": Lcg200.scores.map { 1 - $0 },
    "squeezed": Lcg200.scores.map { $0 * $0 * $0 },
  ].mapValues { ScoreOrder($0, labels: Lcg200.labels) }

  private func lines(_ prefix: String) throws -> [Line] {
    let golden = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Golden/metrics/metrics.csv")
    let text = try String(contentsOf: golden, encoding: .utf8)
    return try text.split(separator: "\n").filter { $0.hasPrefix(prefix) }.map { line in
      let fields = line.split(separator: ",")
      return Line(
        figure: String(fields[0]), sample: String(fields[1]),
        numbers: try fields.dropFirst(2).map { try #require(Double($0)) })
    }
  }

  @Test func `profit is the reference's for every sample and all terms`() throws {
    let cases = try lines("empc") + lines("mpc")
    #expect(cases.count == 40)
    for line in cases {
      let n = line.numbers
      let terms = CampaignProfit(value: n[2], offer: n[3], contact: n[4], alpha: n[0], beta: n[1])
      let order = try #require(Self.orders[line.sample])
      let found = line.figure == "empc" ? terms.expectedMaximum(order) : terms.maximum(order)
      #expect(
        (try #require(found).profit - n[5]).magnitude < 1e-9 * (1 + n[5].magnitude),
        "\(line) \(String(describing: found))")
    }
  }

  @Test func `Brier score and log-loss fall into the reference's parts`() throws {
    let cases = try lines("brier.") + lines("log.")
    #expect(cases.count == 24)
    for line in cases {
      let order = try #require(Self.orders[line.sample])
      let (brier, log) = (BrierParts(order), LogLossParts(order))
      let found =
        switch line.figure {
        case "brier.miscalibration": brier.miscalibration
        case "brier.discrimination": brier.discrimination
        case "brier.uncertainty": brier.uncertainty
        case "log.miscalibration": log.miscalibration
        case "log.discrimination": log.discrimination
        default: log.uncertainty
        }
      #expect((found - (try #require(line.numbers.last))).magnitude < 1e-11)
    }
  }

  @Test func `the log-loss is the sum of its parts`() {
    let order = ScoreOrder(Lcg200.scores, labels: Lcg200.labels)
    let parts = LogLossParts(order)
    let sum = parts.miscalibration - parts.discrimination + parts.uncertainty
    #expect((sum - 0.482653787008).magnitude < 1e-11)
    #expect(parts.discrimination > 0 && parts.miscalibration > 0)
    #expect(LogLossParts(ScoreOrder([], labels: [])) == LogLossParts(ScoreOrder([1], labels: [1])))
    // Certain and right, certain and wrong.
    let certain = LogLossParts(ScoreOrder([0, 1], labels: [1, 0]))
    #expect((certain.miscalibration - (34.538776394910684 - certain.uncertainty)).magnitude < 1e-9)
    #expect(certain.discrimination.magnitude < 1e-15)
  }

  @Test func `smooth calibration error is the reference's`() throws {
    let line = try #require(try lines("smooth").first)
    let found = try #require(Self.orders["plain"]).smoothCalibrationError()
    #expect((found - (try #require(line.numbers.last))).magnitude < 1e-6)
    #expect((found - 0.136693416).magnitude < 1e-6)
  }

  /// Each residual spread by its own bell and the images of it beyond both ends, without a grid.
  @Test(arguments: ["plain", "rounded", "turned", "squeezed"], [0.02, 0.15, 0.9])
  func `smooth calibration error is what its definition says`(sample: String, width: Double) throws {
    let order = try #require(Self.orders[sample])
    let mesh = max(200, Int((10 / width).rounded()))
    var (error, density) = (0.0, 0.0)
    for place in 0..<mesh {
      let t = Double(place) / Double(mesh - 1)
      var (residual, weight) = (0.0, 0.0)
      for group in order.values.indices {
        let p = order.values[group]
        for image in -4...4 {
          for centre in [2 * Double(image) + p, 2 * Double(image) - p] {
            let height = Foundation.exp(-0.5 * (t - centre) * (t - centre) / (width * width))
            residual += height * (Double(order.rows[group]) * p - Double(order.events[group]))
            weight += height * Double(order.rows[group])
          }
        }
      }
      error += residual.magnitude
      density += weight
    }
    #expect((order.smoothCalibrationError(width: width) - error / density).magnitude < 2e-5)
  }

  @Test func `smooth calibration error of nothing, of certainty and of what is right`() {
    #expect(ScoreOrder([], labels: []).smoothCalibrationError() == 0)
    #expect(ScoreOrder([1, 1, 0, 0], labels: [1, 1, 0, 0]).smoothCalibrationError() == 0)
    let wrong = ScoreOrder([1, 1, 0, 0], labels: [0, 0, 1, 1]).smoothCalibrationError()
    #expect(wrong > 0.3 && wrong <= 1)
    let half = ScoreOrder([Double](repeating: 0.5, count: 100), labels: (0..<100).map { UInt8($0 % 2) })
    #expect(half.smoothCalibrationError() < 1e-12)
  }
}
