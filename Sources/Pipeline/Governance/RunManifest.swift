package import Catalog
package import Fingerprints

/// What a run made, of what and by what: an in-toto statement (v1) with a SLSA provenance predicate (v1). The
/// same bytes whenever it is written.
package enum RunManifest {
  /// The payload type of a signed one.
  package static let payloadType = "application/vnd.in-toto+json"

  /// The manifest of a run.
  package static func statement(_ run: RunFile) -> JSONValue {
    func resource(_ name: String, _ digest: String) -> JSONValue {
      ["name": .string(name), "digest": ["sha256": .string(digest)]]
    }
    var dependencies = run.inputs.map { resource($0.name, $0.digest) }
    dependencies.append(resource("declarations", run.declarations))
    dependencies += run.stages.filter { !$0.code.isEmpty }.map { stage in
      [
        "name": .string("code.\(stage.stage)"), "digest": ["holdfastCode": .string(stage.code)],
        "annotations": ["key": .string(stage.key), "status": .string(stage.status)],
      ]
    }
    return [
      "_type": "https://in-toto.io/Statement/v1",
      "subject": .list(run.outputs.map { resource($0.name, $0.digest) }),
      "predicateType": "https://slsa.dev/provenance/v1",
      "predicate": [
        "buildDefinition": [
          "buildType": "urn:holdfast:run:v1",
          "externalParameters": [
            "pipeline": .string(run.pipeline), "profile": .string(run.profile), "overrides": run.overrides,
          ],
          "internalParameters": ["program": run.program],
          "resolvedDependencies": .list(dependencies),
        ],
        "runDetails": [
          "builder": ["id": "urn:holdfast:runner"],
          "metadata": [
            "invocationId": .string(run.id), "startedOn": .string(run.startedAt),
            "finishedOn": .string(run.endedAt),
          ],
          "byproducts": .list([
            resource("record", run.record), resource("previousRecord", run.previous),
            ["name": "outcome", "annotations": ["status": .string(run.status)]],
          ]),
        ],
      ],
    ]
  }

  /// The manifest in a DSSE envelope (v1.0.2) with one signature.
  package static func sign(_ statement: JSONValue, _ key: SigningKey) throws(SignatureError) -> JSONValue {
    let payload = CanonicalJSON.encode(statement)
    let signature = try key.signature(of: authenticated(payload, payloadType))
    return [
      "payloadType": .string(payloadType), "payload": .string(Base64.encode(payload)),
      "signatures": .list([
        ["keyid": .string(key.publicKey.identity), "sig": .string(Base64.encode(signature))]
      ]),
    ]
  }

  /// The manifest in an envelope that `key` signed; throws where it did not, or this is no envelope.
  package static func open(_ envelope: JSONValue, _ key: VerifyingKey) throws(SignatureError) -> JSONValue {
    guard let type = envelope["payloadType"]?.text, type == payloadType,
      let payload = envelope["payload"]?.text.flatMap(Base64.decode),
      let signatures = envelope["signatures"]?.elements
    else { throw SignatureError("this is no signed manifest") }
    let message = authenticated(payload, type)
    let isSigned = signatures.contains { signature in
      signature["sig"]?.text.flatMap(Base64.decode).map { key.isSigned(message, by: $0) } == true
    }
    guard isSigned else { throw SignatureError("it is not signed by that key, or was changed since") }
    guard let statement = try? JSONParser.parse(payload) else {
      throw SignatureError("what is signed is no statement")
    }
    return statement
  }

  /// What a signature is of: DSSE's pre-authentication encoding.
  private static func authenticated(_ payload: [UInt8], _ type: String) -> [UInt8] {
    Array("DSSEv1 \(type.utf8.count) \(type) \(payload.count) ".utf8) + payload
  }
}
