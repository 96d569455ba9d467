import Dispatch
import Fingerprints
import Synchronization

/// Digests bytes on another thread while the caller makes and writes the next ones. Pieces are taken in order, a few
/// at a time, so that a slow digest holds the caller up rather than filling memory.
final class DigestLine: Sendable {
  /// Pieces shorter than this are digested at once where none waits: handing them over would cost more.
  private static let leastPiece = 1 << 15
  /// The most pieces that wait.
  private static let mostPieces = 8

  private let queue = DispatchQueue(label: "digest", qos: .userInitiated)
  private let room = DispatchSemaphore(value: mostPieces)
  private let builder = Mutex(DigestBuilder())
  private let waiting = Atomic(0)

  /// Takes in the next bytes, of which it keeps a copy where they are many. One caller at a time.
  func update(_ bytes: UnsafeRawBufferPointer) {
    guard bytes.count >= DigestLine.leastPiece || waiting.load(ordering: .acquiring) > 0 else {
      return builder.withLock { unsafe $0.update(bytes) }
    }
    let kept = unsafe Array(bytes)
    room.wait()
    waiting.add(1, ordering: .acquiringAndReleasing)
    queue.async { [self] in
      builder.withLock { $0.update(kept) }
      waiting.subtract(1, ordering: .acquiringAndReleasing)
      room.signal()
    }
  }

  /// The digest of all bytes taken in.
  func finish() -> Digest { queue.sync { builder.withLock { $0.finish() } } }
}
