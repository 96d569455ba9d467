import Crypto
import FoundationEssentials

/// Why a key or a signature cannot be used.
package struct SignatureError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What is wrong, and how to mend it.
  package let description: String

  /// An error.
  package init(_ description: String) { self.description = description }
}

/// An Ed25519 private key, as `openssl genpkey -algorithm ed25519` writes one (PEM, PKCS #8, RFC 8410).
package struct SigningKey: Sendable {
  private static let heading: [UInt8] = [
    0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
  ]
  private let key: Curve25519.Signing.PrivateKey

  /// A new key.
  package init() { key = Curve25519.Signing.PrivateKey() }

  /// The key in the text of a PEM file.
  package init(pem text: String) throws(SignatureError) {
    guard let bytes = PEM.body(text, "PRIVATE KEY"), bytes.count == 48,
      bytes.starts(with: SigningKey.heading),
      let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: bytes.dropFirst(16))
    else {
      throw SignatureError(
        "this is no Ed25519 private key; make one with `holdfast keygen FILE` or `openssl genpkey -algorithm ed25519`"
      )
    }
    self.key = key
  }

  /// The key as a PEM file's text.
  package var pem: String { PEM.text(SigningKey.heading + Array(key.rawRepresentation), "PRIVATE KEY") }

  /// Its public half.
  package var publicKey: VerifyingKey { VerifyingKey(key: key.publicKey) }

  /// The 64 bytes of a signature of `message`.
  package func signature(of message: [UInt8]) throws(SignatureError) -> [UInt8] {
    guard let signature = try? key.signature(for: message) else {
      throw SignatureError("the key does not sign")
    }
    return Array(signature)
  }
}

/// An Ed25519 public key, as `openssl pkey -pubout` writes one (PEM, SubjectPublicKeyInfo, RFC 8410).
package struct VerifyingKey: Sendable {
  private static let heading: [UInt8] = [
    0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00,
  ]
  private let key: Curve25519.Signing.PublicKey

  fileprivate init(key: Curve25519.Signing.PublicKey) { self.key = key }

  /// The key in the text of a PEM file.
  package init(pem text: String) throws(SignatureError) {
    guard let bytes = PEM.body(text, "PUBLIC KEY"), bytes.count == 44,
      bytes.starts(with: VerifyingKey.heading),
      let key = try? Curve25519.Signing.PublicKey(rawRepresentation: bytes.dropFirst(12))
    else {
      throw SignatureError(
        "this is no Ed25519 public key; `openssl pkey -in KEY -pubout` writes that of a private key")
    }
    self.key = key
  }

  private var encoded: [UInt8] { VerifyingKey.heading + Array(key.rawRepresentation) }

  /// The key as a PEM file's text.
  package var pem: String { PEM.text(encoded, "PUBLIC KEY") }

  /// What it is known by: SHA-256 of its SubjectPublicKeyInfo.
  package var identity: String { Digest(of: encoded).hexadecimal }

  /// Whether `signature` is one of `message` by this key.
  package func isSigned(_ message: [UInt8], by signature: [UInt8]) -> Bool {
    key.isValidSignature(signature, for: message)
  }
}

/// Bytes as text (RFC 4648).
package enum Base64 {
  /// The text of bytes.
  package static func encode(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }
  /// The bytes of a text; `nil` where it is none.
  package static func decode(_ text: String) -> [UInt8]? { Data(base64Encoded: text).map { Array($0) } }
}

/// Keys as text files (RFC 7468).
private enum PEM {
  static func text(_ bytes: [UInt8], _ label: String) -> String {
    "-----BEGIN \(label)-----\n\(Base64.encode(bytes))\n-----END \(label)-----\n"
  }

  static func body(_ text: String, _ label: String) -> [UInt8]? {
    let lines = text.split(whereSeparator: \.isNewline).map { String($0.filter { !$0.isWhitespace }) }
    let label = label.filter { !$0.isWhitespace }
    guard let begin = lines.firstIndex(of: "-----BEGIN\(label)-----"),
      let end = lines[begin...].firstIndex(of: "-----END\(label)-----")
    else { return nil }
    return Base64.decode(lines[(begin + 1)..<end].joined())
  }
}
