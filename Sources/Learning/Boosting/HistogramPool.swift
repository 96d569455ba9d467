import Synchronization

/// Histograms that nobody needs any more, to be used again: a tree makes hundreds of the same size.
final class HistogramPool: Sendable {
  private let size: Int
  private let spare = Mutex<[[Int64]]>([])

  /// A pool of histograms of `size` words.
  init(size: Int) { self.size = size }

  /// A histogram to be overwritten.
  func take() -> [Int64] {
    spare.withLock { $0.popLast() } ?? [Int64](repeating: 0, count: size)
  }

  /// Takes back a histogram; an empty one is none.
  func giveBack(_ histogram: consuming [Int64]) {
    if histogram.isEmpty { return }
    let histogram = histogram
    spare.withLock { $0.append(histogram) }
  }
}
