import Fingerprints
import FoundationEssentials
import Glibc
import Pipeline
import Testing

/// A project with two runs, and a key.
private func twice() throws -> (TemporaryProject, SignedRuns, SigningKey) {
  let project = try TemporaryProject()
  for overrides in [[], ["double.factor=3"]] {
    _ = Runner(
      try project.load(overrides), RunRequest(profile: "default", threads: 2), observer: Recorder(),
      interruption: Interruption()
    ).run()
  }
  return (project, try SignedRuns(folder: project.folder), SigningKey())
}

@Test func `a key read back from its file signs what its public file verifies, and no other`() throws {
  let key = SigningKey()
  let message = Array("what was made".utf8)
  let signature = try SigningKey(pem: key.pem).signature(of: message)
  let verifying = try VerifyingKey(pem: key.publicKey.pem)
  #expect(verifying.isSigned(message, by: signature))
  #expect(!verifying.isSigned(message + [0], by: signature))
  #expect(!SigningKey().publicKey.isSigned(message, by: signature))
  #expect(verifying.identity == key.publicKey.identity)
  #expect(throws: SignatureError.self) { try SigningKey(pem: key.publicKey.pem) }
  #expect(throws: SignatureError.self) { try VerifyingKey(pem: key.pem) }
  #expect(throws: SignatureError.self) { try SigningKey(pem: "") }
}

@Test func `a key of openssl is read and written as openssl has it`() throws {
  // RFC 8410, sections 10.1 and 10.3: the private key and its public half.
  let signing = try SigningKey(
    pem: """
      -----BEGIN PRIVATE KEY-----
      MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
      -----END PRIVATE KEY-----
      """)
  #expect(
    signing.publicKey.pem == """
      -----BEGIN PUBLIC KEY-----
      MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=
      -----END PUBLIC KEY-----

      """)
}

@Test func `a manifest names what was made with its digest, and from what, in the fields of SLSA`() throws {
  let (project, signed, _) = try twice()
  let statement = try signed.statement("r2")
  #expect(statement["_type"] == "https://in-toto.io/Statement/v1")
  #expect(statement["predicateType"] == "https://slsa.dev/provenance/v1")
  let subjects = statement["subject"]?.elements?.compactMap { $0["name"]?.text }
  #expect(subjects == ["doubled", "note", "page", "size", "total", "values"])
  let definition = statement["predicate"]?["buildDefinition"]
  let dependencies = definition?["resolvedDependencies"]?.elements ?? []
  let source = try #require(dependencies.first { $0["name"] == "sources.numbers" })
  let bytes = Array(try project.read("numbers.txt").utf8)
  #expect(source["digest"]?["sha256"]?.text == Digest(of: bytes).hexadecimal)
  #expect(definition?["externalParameters"]?["overrides"] == ["double.factor=3"])
  #expect(statement["predicate"]?["runDetails"]?["metadata"]?["invocationId"] == "r2")
  #expect(throws: PipelineError.self) { try signed.statement("r9") }
}

@Test func `what was signed is found good, what was not is named, and signing again changes nothing`() throws
{
  let (project, signed, key) = try twice()
  #expect(try signed.sign("r1", key) == ["r1"])
  var report = try signed.verify(key.publicKey)
  #expect(report.good == ["r1"] && report.unsigned == ["r2"] && report.faults.isEmpty)
  #expect(try signed.sign(nil, key) == ["r2"])
  #expect(try signed.sign(nil, key) == [])
  report = try signed.verify(key.publicKey)
  #expect(report.good == ["r1", "r2"] && report.faults.isEmpty)
  #expect(try signed.verify(SigningKey().publicKey).unsigned == ["r1", "r2"])
  withExtendedLifetime(project) {}
}

@Test func `a manifest changed by a byte, of another run, or of a chain made anew is found`() throws {
  let (project, signed, key) = try twice()
  _ = try signed.sign(nil, key)
  let folder = project.folder + "/artifacts/manifests"
  let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  try #require(names.count == 2)
  let copies = project.folder + "/copies"
  try FileManager.default.createDirectory(atPath: copies, withIntermediateDirectories: true)
  for name in names {
    try FileManager.default.copyItem(atPath: "\(folder)/\(name)", toPath: "\(copies)/\(name)")
  }
  let envelope = try project.read("artifacts/manifests/" + names[0])
  try project.write(
    "artifacts/manifests/" + names[0], envelope.replacing("\"payload\":\"ey", with: "\"payload\":\"fy"))
  #expect(try signed.verify(key.publicKey).faults.count == 1)
  try project.write("artifacts/manifests/" + names[0], try project.read("artifacts/manifests/" + names[1]))
  #expect(
    try signed.verify(key.publicKey).faults == ["\(names[0]) is the manifest of another run"])
  // All of it made anew, in perfect order: only whoever kept the manifests can tell.
  try FileManager.default.removeItem(atPath: project.folder + "/artifacts")
  _ = Runner(
    try project.load(), RunRequest(profile: "default", threads: 2), observer: Recorder(),
    interruption: Interruption()
  ).run()
  let report = try SignedRuns(folder: project.folder).verify(key.publicKey, copies: copies)
  #expect(
    report.faults == [
      "run r1 was signed otherwise than the catalog has it now",
      "run r2 was signed and is not in the catalog any more",
    ])
}
