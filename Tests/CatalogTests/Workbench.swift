import Fingerprints

@testable import Catalog

let noon = "2026-01-31T12:00:00.000Z"

func facts(_ profile: String = "default") -> RunFacts {
  RunFacts(
    pipeline: "test", profile: profile, declarations: [:], arguments: ["holdfast", "run"], overrides: [],
    program: [:], host: "host", actor: "me", pid: 1, at: noon)
}

func openCatalog(_ temporary: TemporaryFolder) throws -> (CatalogStore, RunLock) {
  let folder = ArtifactFolder(temporary.path)
  let lock = try RunLock.take(folder, waiting: 0, holder: "test")
  return (try CatalogStore.writing(folder, lock: lock), lock)
}

func put(_ store: CatalogStore, _ text: String) throws -> Digest {
  let object = try store.makeObject()
  try object.write(Array(text.utf8))
  return try object.finish().digest
}

func output(_ digest: Digest, _ text: String) -> OutputRecord {
  OutputRecord(
    name: "numbers", kind: "file", format: "numbers/v1", fileName: "numbers.txt", digest: digest,
    bytes: text.utf8.count,
    rows: nil, columns: nil)
}

/// Runs one stage that writes `text` under a key made from it, and publishes.
@discardableResult
func runStage(_ store: CatalogStore, _ text: String, publishing: Bool = true) throws -> RunIdentity {
  let identity = try store.beginRun(facts())
  let preimage: JSONValue = ["stage": "make", "text": .string(text)]
  let id = try store.beginStage(
    identity, stage: "make", key: Digest(of: preimage), preimage: preimage, reason: "first run", at: noon)
  let digest = try put(store, text)
  var commit = StageCommit(status: "good", seconds: 1.5, at: noon)
  commit.outputs = [output(digest, text)]
  commit.inputs = [(name: "sources.in", digest: Digest(of: Array("in".utf8)))]
  commit.parameters = ["a": 1]
  commit.metrics = ["m": 0.5]
  commit.checks = [CheckRecord(id: "c", subject: "data", severity: "warn", passed: true, message: "fine")]
  try store.commit(id, commit)
  try store.endRun(
    identity, status: "succeeded", exitCode: 0, message: nil, channel: "default",
    publishing: publishing ? [(name: "numbers", digest: digest)] : [], at: noon)
  return identity
}
