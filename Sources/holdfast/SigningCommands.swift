import ArgumentParser
import Fingerprints
import FoundationEssentials
import Glibc
import Pipeline

struct KeygenCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keygen", abstract: "Make an Ed25519 key pair: FILE to sign with, FILE.pub to verify with.",
    discussion: "Both are PEM, as `openssl genpkey -algorithm ed25519` and `openssl pkey -pubout` write them."
  )

  @Argument(help: ArgumentHelp("The private key's file; never one that is there.", valueName: "FILE"))
  var file: String

  func run() throws {
    let key = SigningKey()
    for (path, text, mode) in [(file, key.pem, mode_t(0o600)), (file + ".pub", key.publicKey.pem, 0o644)] {
      let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
      guard descriptor >= 0 else {
        throw CommandEnd(
          2, "\(path) cannot be made: \(unsafe String(cString: strerror(errno))); name a new file")
      }
      defer { close(descriptor) }
      let bytes = Array(text.utf8)
      guard
        unsafe bytes.withUnsafeBytes({ unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) })
          == bytes.count
      else { throw CommandEnd(1, "\(path) cannot be written") }
    }
    Console.say("\(file) signs, keep it from the account that runs; \(file).pub verifies")
    Console.say("key \(key.publicKey.identity)")
  }
}

struct ManifestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "manifest",
    abstract: "Print what a run made, of what and by what, as an in-toto statement with SLSA provenance.")

  @Argument(help: ArgumentHelp("The run.", valueName: "RUN"))
  var name: String
  @Option(help: ArgumentHelp("Sign it with that private key (a DSSE envelope).", valueName: "FILE"))
  var key: String?
  @OptionGroup var options: ProjectOptions

  func run() throws {
    let folder = try options.folder()
    let statement = try ending { try SignedRuns(folder: folder).statement(name) }
    guard let key else { return Console.say(JSONText.pretty(statement)) }
    Console.say(JSONText.line(try RunManifest.sign(statement, try KeyFile.signing(key))))
  }
}

struct SignCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sign",
    abstract: "Sign the manifest of a run, or of every run that has none, with a key file.",
    discussion: """
      holdfast sign --key /secure/audit.pem          all runs not yet signed by that key
      holdfast verify --public-key audit.pem.pub     whether what was signed is what the catalog says

      The envelopes lie in artifacts/manifests; a copy elsewhere proves more.
      """)

  @Argument(help: ArgumentHelp("The run; all not yet signed where not given.", valueName: "RUN"))
  var name: String?
  @Option(help: ArgumentHelp("The private key.", valueName: "FILE"))
  var key: String
  @OptionGroup var options: ProjectOptions

  func run() throws {
    let folder = try options.folder()
    let key = try KeyFile.signing(key)
    let signed = try ending { try SignedRuns(folder: folder).sign(name, key) }
    Console.say(
      signed.isEmpty ? "nothing to sign" : "signed \(signed.joined(separator: ", ")) in artifacts/manifests")
  }
}

/// Key files; what is wrong with one ends the command with 2.
enum KeyFile {
  static func signing(_ path: String) throws -> SigningKey {
    let text = try text(path)
    do { return try SigningKey(pem: text) } catch { throw CommandEnd(2, "\(path): \(error)") }
  }

  static func verifying(_ path: String) throws -> VerifyingKey {
    let text = try text(path)
    do { return try VerifyingKey(pem: text) } catch { throw CommandEnd(2, "\(path): \(error)") }
  }

  private static func text(_ path: String) throws -> String {
    guard let data = try? Data(contentsOf: URL(filePath: path)), data.count < 1 << 16 else {
      throw CommandEnd(2, "the key file \(path) cannot be read")
    }
    return String(decoding: data, as: UTF8.self)
  }
}
