/// Turns a `Codable` value into a `JSONValue`. Absent optionals leave no member; numbers that are
/// not finite are refused, so that no NaN reaches an artifact.
package struct JSONEncoding {
  /// The document of `value`.
  package static func encode(_ value: some Encodable) throws -> JSONValue {
    let encoder = JSONValueEncoder(codingPath: [])
    return try encoder.box(value)
  }
}

private final class JSONValueEncoder: Encoder {
  enum Container {
    case single(JSONValue)
    case array(ArrayStore)
    case object(ObjectStore)
  }
  let codingPath: [any CodingKey]
  var userInfo: [CodingUserInfoKey: Any] { [:] }
  var container: Container?

  init(codingPath: [any CodingKey]) { self.codingPath = codingPath }

  var result: JSONValue {
    switch container {
    case nil: .object([:])
    case .single(let value): value
    case .array(let store): .list(store.elements.map { $0() })
    case .object(let store): .object(store.members.mapValues { $0() })
    }
  }

  func container<Key>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    let store: ObjectStore
    if case .object(let existing) = container { store = existing } else { store = ObjectStore() }
    container = .object(store)
    return KeyedEncodingContainer(Keyed<Key>(encoder: self, store: store))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    let store: ArrayStore
    if case .array(let existing) = container { store = existing } else { store = ArrayStore() }
    container = .array(store)
    return Unkeyed(encoder: self, store: store)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer { Single(encoder: self) }

  func number(_ value: Double, path: [any CodingKey]) throws -> JSONValue {
    guard value.isFinite else {
      throw EncodingError.invalidValue(
        value, .init(codingPath: path, debugDescription: "a document holds finite numbers only"))
    }
    return .number(value)
  }

  func box(_ value: some Encodable, key: (any CodingKey)? = nil) throws -> JSONValue {
    let path = codingPath + (key.map { [$0] } ?? [])
    switch value {
    case let value as JSONValue: return value
    case let value as String: return .string(value)
    case let value as Bool: return .bool(value)
    case let value as Double: return try number(value, path: path)
    case let value as Int: return .number(Double(value))
    case let value as [Double]:
      for element in value { _ = try number(element, path: path) }
      return .list(value)
    case let value as [Int]: return .list(value.map(Double.init))
    default:
      let encoder = JSONValueEncoder(codingPath: path)
      try value.encode(to: encoder)
      return encoder.result
    }
  }
}

extension JSONValue: Codable {
  package init(from decoder: any Decoder) throws {
    guard let decoder = decoder as? JSONValueDecoder else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "JSONValue decodes from JSONDecoding only"))
    }
    self = decoder.value
  }

  package func encode(to encoder: any Encoder) throws {
    guard let encoder = encoder as? JSONValueEncoder else {
      throw EncodingError.invalidValue(
        self,
        .init(codingPath: encoder.codingPath, debugDescription: "JSONValue encodes by JSONEncoding only"))
    }
    encoder.container = .single(self)
  }
}

private final class ArrayStore { var elements: [() -> JSONValue] = [] }
private final class ObjectStore { var members: [String: () -> JSONValue] = [:] }

private struct Keyed<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let encoder: JSONValueEncoder
  let store: ObjectStore
  var codingPath: [any CodingKey] { encoder.codingPath }

  mutating func put(_ value: some Encodable, _ key: any CodingKey) throws {
    let boxed = try encoder.box(value, key: key)
    store.members[key.stringValue] = { boxed }
  }
  mutating func encodeNil(forKey key: Key) throws { store.members[key.stringValue] = { .null } }
  mutating func encode<T: Encodable>(_ value: T, forKey key: Key) throws { try put(value, key) }
  mutating func nestedContainer<Nested>(
    keyedBy type: Nested.Type, forKey key: Key
  ) -> KeyedEncodingContainer<Nested> {
    let nested = JSONValueEncoder(codingPath: codingPath + [key])
    let container = nested.container(keyedBy: type)
    store.members[key.stringValue] = { nested.result }
    return container
  }
  mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    let nested = JSONValueEncoder(codingPath: codingPath + [key])
    let container = nested.unkeyedContainer()
    store.members[key.stringValue] = { nested.result }
    return container
  }
  mutating func superEncoder() -> any Encoder { encoder }
  mutating func superEncoder(forKey key: Key) -> any Encoder { encoder }
}

private struct Unkeyed: UnkeyedEncodingContainer {
  let encoder: JSONValueEncoder
  let store: ArrayStore
  var codingPath: [any CodingKey] { encoder.codingPath }
  var count: Int { store.elements.count }

  mutating func encodeNil() throws { store.elements.append { .null } }
  mutating func encode<T: Encodable>(_ value: T) throws {
    let boxed = try encoder.box(value)
    store.elements.append { boxed }
  }
  mutating func nestedContainer<Nested>(
    keyedBy type: Nested.Type
  ) -> KeyedEncodingContainer<Nested> {
    let nested = JSONValueEncoder(codingPath: codingPath)
    let container = nested.container(keyedBy: type)
    store.elements.append { nested.result }
    return container
  }
  mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
    let nested = JSONValueEncoder(codingPath: codingPath)
    let container = nested.unkeyedContainer()
    store.elements.append { nested.result }
    return container
  }
  mutating func superEncoder() -> any Encoder { encoder }
}

private struct Single: SingleValueEncodingContainer {
  let encoder: JSONValueEncoder
  var codingPath: [any CodingKey] { encoder.codingPath }

  mutating func encodeNil() throws { encoder.container = .single(.null) }
  mutating func encode(_ value: Bool) throws { encoder.container = .single(.bool(value)) }
  mutating func encode(_ value: String) throws { encoder.container = .single(.string(value)) }
  mutating func encode(_ value: Double) throws {
    encoder.container = .single(try encoder.number(value, path: codingPath))
  }
  mutating func encode(_ value: Float) throws { try encode(Double(value)) }
  mutating func encode(_ value: Int) throws { try whole(value) }
  mutating func encode(_ value: Int8) throws { try whole(value) }
  mutating func encode(_ value: Int16) throws { try whole(value) }
  mutating func encode(_ value: Int32) throws { try whole(value) }
  mutating func encode(_ value: Int64) throws { try whole(value) }
  mutating func encode(_ value: UInt) throws { try whole(value) }
  mutating func encode(_ value: UInt8) throws { try whole(value) }
  mutating func encode(_ value: UInt16) throws { try whole(value) }
  mutating func encode(_ value: UInt32) throws { try whole(value) }
  mutating func encode(_ value: UInt64) throws { try whole(value) }
  mutating func encode<T: Encodable>(_ value: T) throws {
    encoder.container = .single(try encoder.box(value))
  }
  private func whole(_ value: some BinaryInteger & Sendable) throws {
    guard let exact = Double(exactly: value) else {
      throw EncodingError.invalidValue(
        value,
        .init(codingPath: codingPath, debugDescription: "beyond 2^53 a whole number is written as text"))
    }
    encoder.container = .single(.number(exact))
  }
}
