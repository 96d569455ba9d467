package import Numerics

/// A node in 8 bytes. A step is one comparison: `bin &- offset` makes the missing bin 0 small (left) or 255 (right);
/// a leaf points to itself and never steps right.
private struct PackedNode {
  var left: Int32
  var feature: UInt16
  /// 0 or 1; 2 marks a category set, whose number stands in `CategoryNode`.
  var offset: UInt8
  var threshold: UInt8
}

extension DecisionTrees {
  /// How many rows walk down a tree together.
  private static let batch = 512

  /// Adds the answers of all trees to `scores`, one for each of `rows`, tree after tree.
  package func add(_ matrix: BinnedMatrix, rows: [Int32], to scores: inout [Double], crew: Crew) {
    precondition(scores.count == rows.count, "one score a row")
    guard !rows.isEmpty, count > 0 else { return }
    let packed = packedNodes(from: 0)
    crew.rewrite(&scores, blockSize: Self.batch) { range, part in
      for tree in 0..<count {
        walk(
          packed.span, root: Int(roots[tree]), base: 0, matrix.bins.span, matrix.stride, rows.span, range,
          &part)
      }
    }
  }

  /// Adds tree number `tree`'s answers to `scores[row]` for each of `rows`.
  func add(tree: Int, _ matrix: BinnedMatrix, rows: [Int32], to scores: inout [Double]) {
    let packed = packedNodes(from: Int(roots[tree]))
    var answers = [Double](repeating: 0, count: rows.count)
    var part = answers.mutableSpan
    walk(
      packed.span, root: 0, base: Int(roots[tree]), matrix.bins.span, matrix.stride, rows.span,
      0..<rows.count,
      &part)
    for (place, row) in rows.enumerated() { scores[Int(row)] += answers[place] }
  }

  /// The nodes from `start` on, packed, children counted from `start`.
  private func packedNodes(from start: Int) -> [PackedNode] {
    (start..<kinds.count).map { node in
      switch Kind(rawValue: kinds[node]) ?? .leaf {
      case .leaf: PackedNode(left: Int32(node - start), feature: 0, offset: 0, threshold: 255)
      case .missingLeft:
        PackedNode(
          left: left[node] - Int32(start), feature: UInt16(features[node]), offset: 0,
          threshold: UInt8(thresholds[node]))
      case .missingRight:
        // Bins one lower: threshold 0 cannot occur, since bin 1 is the lowest of values.
        PackedNode(
          left: left[node] - Int32(start), feature: UInt16(features[node]), offset: 1,
          threshold: UInt8(thresholds[node] - 1))
      case .categories:
        PackedNode(left: left[node] - Int32(start), feature: UInt16(features[node]), offset: 2, threshold: 0)
      }
    }
  }

  private func walk(
    _ nodes: Span<PackedNode>, root: Int, base: Int, _ bins: Span<UInt8>, _ stride: Int, _ rows: Span<Int32>,
    _ range: Range<Int>, _ part: inout MutableSpan<Double>
  ) {
    for place in range {
      let start = Int(rows[place]) * stride
      var index = root
      while true {
        let node = nodes[index]
        let bin = bins[start + Int(node.feature)]
        let next: Int
        if node.offset < 2 {
          next = Int(node.left) + (bin &- node.offset > node.threshold ? 1 : 0)
        } else {
          let word = categorySets[Int(thresholds[base + index]) * 4 + Int(bin >> 6)]
          next = Int(node.left) + Int(1 - (word >> UInt64(bin & 63)) & 1)
        }
        if next == index { break }
        index = next
      }
      part[place - range.lowerBound] += values[base + index]
    }
  }
}
