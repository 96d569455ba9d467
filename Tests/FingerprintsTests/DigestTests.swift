import Fingerprints
import Testing

@Test func `the digest is SHA-256`() {
  #expect(
    Digest(of: Array("abc".utf8)).hexadecimal
      == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
}

@Test func `bytes in pieces have the digest of the whole`() {
  var builder = DigestBuilder()
  builder.update(Array("a".utf8))
  builder.update(Array("bc".utf8))
  #expect(builder.finish() == Digest(of: Array("abc".utf8)))
}

@Test func `a digest reads back from its digits and nothing else does`() {
  let digest = Digest(of: Array("abc".utf8))
  #expect(Digest(hexadecimal: digest.hexadecimal) == digest)
  #expect(Digest(hexadecimal: "ba78") == nil)
  #expect(Digest(hexadecimal: String(repeating: "G", count: 64)) == nil)
}

@Test func `the stable hash never changes`() {
  #expect(stableHash("15634602".utf8, seed: 0) == 0x3e7f22c12bdc6d36)
  #expect(stableHash("a".utf8, seed: 1) != stableHash("a".utf8, seed: 2))
}

@Test func `the stable hash deals keys evenly`() {
  var counts = [Int](repeating: 0, count: 5)
  for key in 0..<10_000 { counts[Int(stableHash(String(15_565_701 + key * 7919).utf8, seed: 42) % 5)] += 1 }
  for count in counts { #expect(abs(count - 2000) < 180) }
}
