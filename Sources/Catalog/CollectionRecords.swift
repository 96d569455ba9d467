package import Fingerprints

/// What housekeeping is to keep beyond what is always kept: the heads of every channel, what aliases name,
/// signed-off runs and what is held.
package struct RetentionPolicy: Sendable, Equatable {
  /// Every run from the so-manieth newest successful one on; `nil`: no such rule.
  package var keep: Int?
  /// Every run that ended then or later, ISO 8601 in UTC; `nil`: no such rule.
  package var since: String?

  /// A policy. With neither rule no run gives anything up: only what no run refers to goes.
  package init(keep: Int? = nil, since: String? = nil) {
    self.keep = keep
    self.since = since
  }

  /// As events and the catalog hold it.
  var document: JSONValue {
    [
      "keep": keep.map { .number(Double($0)) } ?? .null, "since": since.map(JSONValue.string) ?? .null,
    ]
  }
}

/// An object that may go.
package struct CollectableObject: Sendable, Equatable {
  /// Its digest.
  package var digest: Digest
  /// Its bytes.
  package var bytes: Int
  /// What it holds: `raw-PII`, `derived-PII`, `model`, `report`, `metric`; `unreferenced` where no run
  /// refers to it.
  package var dataClass: String
}

/// What a collection takes away, or would.
package struct CollectionPlan: Sendable, Equatable {
  /// The objects that go, by digest.
  package var objects: [CollectableObject] = []
  /// Objects that stay.
  package var keptObjects = 0
  /// Their bytes.
  package var keptBytes = 0
  /// Files in the object folder that no record refers to, or whose object was collected before, by path.
  package var strays: [(path: String, bytes: Int)] = []

  /// Nothing to take away.
  package init() {}

  /// Bytes of the objects that go.
  package var bytes: Int { objects.reduce(0) { $0 + $1.bytes } }
  /// Bytes of the strays.
  package var strayBytes: Int { strays.reduce(0) { $0 + $1.bytes } }

  package static func == (left: CollectionPlan, right: CollectionPlan) -> Bool {
    left.objects == right.objects && left.keptObjects == right.keptObjects
      && left.keptBytes == right.keptBytes && left.strays.map(\.path) == right.strays.map(\.path)
  }
}

/// How an object that was collected came to be so.
package struct CollectionNotice: Sendable, Equatable {
  /// Number of the collection.
  package var id: Int64
  /// Whether it was an erasure; else a policy's.
  package var isErasure: Bool
  /// What was to be kept, or the request.
  package var policy: JSONValue
  /// Who asked for it.
  package var actor: String
  /// When.
  package var at: String

  /// In words: `collected on 2026-01-31T… by gc number 3 (keep 30), asked for by me`.
  package var words: String {
    guard !isErasure else {
      return "erased on \(at) under request \(policy["request"]?.text ?? "") by \(actor)"
    }
    var rules: [String] = []
    if let keep = policy["keep"]?.integer { rules.append("keep \(keep)") }
    if let since = policy["since"]?.text { rules.append("since \(since)") }
    let rule = rules.isEmpty ? "unreferenced" : rules.joined(separator: ", ")
    return "collected on \(at) by gc number \(id) (\(rule)), asked for by \(actor)"
  }
}

/// A hold on a run or a version.
package struct Hold: Sendable, Equatable {
  /// Why things are held: an erasure gives way to a legal hold only.
  package enum Kind: String, Sendable, CaseIterable {
    /// A court's or a regulator's: nothing overrides it.
    case legal
    /// For an audit.
    case audit
    /// For any other reason.
    case other
  }
  /// Its number.
  package var id: Int64
  /// `r3` or `model@2`.
  package var target: String
  /// Why, in a word.
  package var kind: Kind
  /// Why.
  package var reason: String
  /// Who placed it.
  package var actor: String
  /// When.
  package var at: String
}
