/// The way from a tree's root to one of its leaves, condition by column.
struct LeafPath: Sendable {
  /// The leaf's value.
  var value: Double
  /// The columns on the way, each once, ascending.
  var features: [Int]
  /// Which bins of each column pass all of its conditions: 256 bits, four words a column.
  var passing: [UInt64]
  /// For each column the product of the shares of training rows that went the leaf's way.
  var shares: [Double]
}

extension DecisionTrees {
  /// The paths to the leaves of tree number `tree`, left before right.
  func leafPaths(of tree: Int) -> [LeafPath] {
    var paths: [LeafPath] = []
    var pending = [(node: Int(roots[tree]), path: LeafPath(value: 0, features: [], passing: [], shares: []))]
    while let (node, path) = pending.popLast() {
      let kind = Kind(rawValue: kinds[node]) ?? .leaf
      if kind == .leaf {
        var path = path
        path.value = values[node]
        paths.append(path)
        continue
      }
      let goesLeft = leftBins(node, kind)
      let child = Int(left[node])
      for (next, bins) in [(child + 1, goesLeft.map { ~$0 }), (child, goesLeft)] {
        let share = covers[node] > 0 ? covers[next] / covers[node] : 0.5
        pending.append((next, path.narrowed(Int(features[node]), bins, share)))
      }
    }
    return paths
  }

  /// The bins that go left at `node`, as four words.
  func leftBins(_ node: Int, _ kind: Kind) -> [UInt64] {
    if kind == .categories {
      let start = Int(thresholds[node]) * 4
      return Array(categorySets[start..<start + 4])
    }
    var words: [UInt64] = [0, 0, 0, 0]
    let first = kind == .missingLeft ? 0 : 1
    for bin in first..<max(first, Int(thresholds[node]) + 1) { words[bin >> 6] |= 1 << UInt64(bin & 63) }
    return words
  }
}

extension LeafPath {
  /// The path with one more condition.
  fileprivate func narrowed(_ feature: Int, _ bins: [UInt64], _ share: Double) -> LeafPath {
    var path = self
    var slot = 0
    while slot < features.count, features[slot] < feature { slot += 1 }
    if slot < features.count, features[slot] == feature {
      for word in 0..<4 { path.passing[slot * 4 + word] &= bins[word] }
      path.shares[slot] *= share
    } else {
      path.features.insert(feature, at: slot)
      path.passing.insert(contentsOf: bins, at: slot * 4)
      path.shares.insert(share, at: slot)
    }
    return path
  }

  /// Bit s: whether the row that starts at `start` passes all conditions on the path's column number s.
  @inline(__always)
  func pattern(_ bins: Span<UInt8>, _ start: Int) -> UInt64 {
    var pattern: UInt64 = 0
    for slot in 0..<features.count {
      let bin = Int(bins[start &+ features[slot]])
      pattern |= ((passing[slot &* 4 &+ bin >> 6] >> UInt64(bin & 63)) & 1) << UInt64(slot)
    }
    return pattern
  }

  /// The pattern of each of `rows`.
  func patterns(_ matrix: BinnedMatrix, _ rows: Span<Int32>, to patterns: inout [UInt64]) {
    var patterns = patterns.mutableSpan
    let (bins, passing) = (matrix.bins.span, passing.span)
    for place in 0..<rows.count { patterns[place] = 0 }
    for slot in 0..<features.count {
      let feature = features[slot]
      let (word, bit) = (slot &* 4, UInt64(slot))
      for place in 0..<rows.count {
        let bin = bins[Int(rows[place]) &* matrix.stride &+ feature]
        patterns[place] |= ((passing[word &+ Int(bin &>> 6)] &>> UInt64(bin & 63)) & 1) &<< bit
      }
    }
  }
}
