import Fingerprints

/// What a page may load and run: nothing but its own sheet and script, known by their digests.
enum ContentPolicy {
  /// The policy for a page with this sheet and this script.
  static func text(style: StaticString, script: StaticString) -> String {
    "default-src 'none'; script-src '\(source(script))'; style-src '\(source(style))'; img-src data:; "
      + "base-uri 'none'; form-action 'none'"
  }

  /// `sha256-` and the digest of the text in base 64.
  static func source(_ text: StaticString) -> String {
    "sha256-" + base64(Digest(of: Array("\(text)".utf8)).bytes)
  }

  /// Base 64 with padding (RFC 4648 §4).
  static func base64(_ bytes: [UInt8]) -> String {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let part = bytes[start..<min(start + 3, bytes.count)]
      var bits = part.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      bits <<= UInt32(8 * (3 - part.count))
      for place in 0..<4 {
        text.append(
          place <= part.count ? letters[Int(bits >> UInt32(18 - 6 * place) & 63)] : UInt8(ascii: "="))
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
