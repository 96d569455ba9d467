import Fingerprints
import Testing

@Test(arguments: [0, 1, 5, 64, 4999, 5000, 9000]) func `the lowest hashes are those that sorting gives`(
  count: Int
) {
  let even = (0..<5000).map { stableHash("\($0)".utf8, seed: 3) }
  #expect(lowestHashes(even, count) == Array(even.sorted().prefix(count)))
  // Far from even: none lies where they are looked for first.
  let high = even.map { $0 | 0xFFFF_0000_0000_0000 }
  #expect(lowestHashes(high, count) == Array(high.sorted().prefix(count)))
  #expect(lowestHashes([], count).isEmpty)
}
