/// A line the size of a word: how a number went.
package struct Sparkline: Sendable {
  /// The line through `values`, left to right; what is not finite is left out.
  package static func html(_ words: ChartWords, _ values: [Double]) -> HTML {
    let (width, height) = (96.0, 22.0)
    let values = values.filter { $0.isFinite }
    let axis = Axis(values, wanted: 2, isWidened: false, from: height - 4, to: 4)
    let step = values.count > 1 ? (width - 8) / Double(values.count - 1) : 0
    let points = values.enumerated().map { (x: 4 + step * Double($0), y: axis.place($1)) }
    let last = points.last.map { [Drawing.circle($0.x, $0.y, 2.5, "mark")] } ?? []
    return ChartFigure.drawing(
      words, width: width, height: height, kind: "spark",
      points.isEmpty ? [] : [Drawing.polyline(points, "line sc1")] + last)
  }
}
