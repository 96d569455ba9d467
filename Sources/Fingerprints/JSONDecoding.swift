/// Turns a `JSONValue` into a `Codable` value.
package struct JSONDecoding {
  /// The value of `document`; throws `DecodingError` with the path of what does not fit.
  package static func decode<Value: Decodable>(
    _ type: Value.Type, from document: JSONValue
  ) throws -> Value {
    try JSONValueDecoder(value: document, codingPath: []).unbox(type)
  }
}

final class JSONValueDecoder: Decoder {
  let value: JSONValue
  let codingPath: [any CodingKey]
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  init(value: JSONValue, codingPath: [any CodingKey]) {
    self.value = value
    self.codingPath = codingPath
  }

  func mismatch(_ type: Any.Type, _ expected: String) -> DecodingError {
    .typeMismatch(
      type, .init(codingPath: codingPath, debugDescription: "\(expected) expected, \(value.kindName) found"))
  }

  func unbox<Value: Decodable>(_ type: Value.Type) throws -> Value {
    if type == [Double].self {
      guard let numbers = value.doubles, let result = numbers as? Value else {
        throw mismatch(type, "a list of numbers")
      }
      return result
    }
    if type == [Int].self {
      guard let numbers = value.doubles else { throw mismatch(type, "a list of whole numbers") }
      var whole: [Int] = []
      whole.reserveCapacity(numbers.count)
      for number in numbers {
        guard let exact = Int(exactly: number) else { throw mismatch(type, "a list of whole numbers") }
        whole.append(exact)
      }
      guard let result = whole as? Value else { throw mismatch(type, "a list of whole numbers") }
      return result
    }
    return try Value(from: self)
  }

  func container<Key>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard let members = value.members else { throw mismatch([String: Any].self, "an object") }
    return KeyedDecodingContainer(Keyed<Key>(decoder: self, members: members))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard let elements = value.elements else { throw mismatch([Any].self, "a list") }
    return Unkeyed(decoder: self, elements: elements)
  }

  func singleValueContainer() throws -> any SingleValueDecodingContainer { Single(decoder: self) }
}

private struct Index: CodingKey {
  let place: Int
  var stringValue: String { String(place) }
  var intValue: Int? { place }
  init(_ place: Int) { self.place = place }
  init?(stringValue: String) { nil }
  init?(intValue: Int) { place = intValue }
}

private struct Keyed<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let decoder: JSONValueDecoder
  let members: [String: JSONValue]
  var codingPath: [any CodingKey] { decoder.codingPath }
  var allKeys: [Key] { members.keys.sorted().compactMap { Key(stringValue: $0) } }

  func contains(_ key: Key) -> Bool { members[key.stringValue] != nil }
  func child(_ key: any CodingKey) throws -> JSONValueDecoder {
    guard let value = members[key.stringValue] else {
      throw DecodingError.keyNotFound(
        key, .init(codingPath: codingPath, debugDescription: "no member \"\(key.stringValue)\""))
    }
    return JSONValueDecoder(value: value, codingPath: codingPath + [key])
  }
  func decodeNil(forKey key: Key) throws -> Bool { try child(key).value == .null }
  func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T { try child(key).unbox(type) }
  func nestedContainer<Nested>(
    keyedBy type: Nested.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<Nested> { try child(key).container(keyedBy: type) }
  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try child(key).unkeyedContainer()
  }
  func superDecoder() throws -> any Decoder { decoder }
  func superDecoder(forKey key: Key) throws -> any Decoder { try child(key) }
}

private struct Unkeyed: UnkeyedDecodingContainer {
  let decoder: JSONValueDecoder
  let elements: [JSONValue]
  var currentIndex = 0
  var codingPath: [any CodingKey] { decoder.codingPath }
  var count: Int? { elements.count }
  var isAtEnd: Bool { currentIndex >= elements.count }

  mutating func next() throws -> JSONValueDecoder {
    guard !isAtEnd else {
      throw DecodingError.valueNotFound(
        Any.self, .init(codingPath: codingPath, debugDescription: "the list is shorter than expected"))
    }
    defer { currentIndex += 1 }
    return JSONValueDecoder(
      value: elements[currentIndex], codingPath: codingPath + [Index(currentIndex)])
  }
  mutating func decodeNil() throws -> Bool {
    guard !isAtEnd, elements[currentIndex] == .null else { return false }
    currentIndex += 1
    return true
  }
  mutating func decode<T: Decodable>(_ type: T.Type) throws -> T { try next().unbox(type) }
  mutating func nestedContainer<Nested>(
    keyedBy type: Nested.Type
  ) throws -> KeyedDecodingContainer<Nested> { try next().container(keyedBy: type) }
  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    try next().unkeyedContainer()
  }
  mutating func superDecoder() throws -> any Decoder { try next() }
}

private struct Single: SingleValueDecodingContainer {
  let decoder: JSONValueDecoder
  var codingPath: [any CodingKey] { decoder.codingPath }

  func decodeNil() -> Bool { decoder.value == .null }
  func decode(_ type: Bool.Type) throws -> Bool {
    guard let value = decoder.value.boolean else { throw decoder.mismatch(type, "true or false") }
    return value
  }
  func decode(_ type: String.Type) throws -> String {
    guard let value = decoder.value.text else { throw decoder.mismatch(type, "text") }
    return value
  }
  func decode(_ type: Double.Type) throws -> Double {
    guard let value = decoder.value.double else { throw decoder.mismatch(type, "a number") }
    return value
  }
  func decode(_ type: Float.Type) throws -> Float { Float(try decode(Double.self)) }
  func decode(_ type: Int.Type) throws -> Int { try whole(type) }
  func decode(_ type: Int8.Type) throws -> Int8 { try whole(type) }
  func decode(_ type: Int16.Type) throws -> Int16 { try whole(type) }
  func decode(_ type: Int32.Type) throws -> Int32 { try whole(type) }
  func decode(_ type: Int64.Type) throws -> Int64 { try whole(type) }
  func decode(_ type: UInt.Type) throws -> UInt { try whole(type) }
  func decode(_ type: UInt8.Type) throws -> UInt8 { try whole(type) }
  func decode(_ type: UInt16.Type) throws -> UInt16 { try whole(type) }
  func decode(_ type: UInt32.Type) throws -> UInt32 { try whole(type) }
  func decode(_ type: UInt64.Type) throws -> UInt64 { try whole(type) }
  func decode<T: Decodable>(_ type: T.Type) throws -> T { try decoder.unbox(type) }
  private func whole<Whole: FixedWidthInteger>(_ type: Whole.Type) throws -> Whole {
    guard let value = decoder.value.double, let whole = Whole(exactly: value) else {
      throw decoder.mismatch(type, "a whole number")
    }
    return whole
  }
}
