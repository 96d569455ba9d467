/// A table inside a flatbuffer, read with every offset checked: bytes of any kind give values or an
/// error, never a crash.
struct FlatView {
  private let bytes: [UInt8]
  private let position: Int
  private let vtable: Int
  private let slots: Int

  /// The root table of `bytes`.
  init(root bytes: [UInt8]) throws(ColumnarError) {
    try self.init(bytes, at: Int(FlatView.load(bytes, 0) as UInt32))
  }

  private init(_ bytes: [UInt8], at position: Int) throws(ColumnarError) {
    let back: Int32 = try FlatView.load(bytes, position)
    let vtable = position - Int(back)
    let size: UInt16 = try FlatView.load(bytes, vtable)
    guard size >= 4, size % 2 == 0, vtable + Int(size) <= bytes.count else { throw FlatView.damaged }
    self.bytes = bytes
    self.position = position
    self.vtable = vtable
    slots = (Int(size) - 4) / 2
  }

  private static var damaged: ColumnarError {
    ColumnarError(.damaged, "the file's description of its contents does not fit together.")
  }

  private static func load<Value: FixedWidthInteger>(
    _ bytes: [UInt8], _ place: Int
  ) throws(ColumnarError) -> Value {
    let size = Value.bitWidth / 8
    guard place >= 0, place <= bytes.count - size else { throw damaged }
    var value: Value = 0
    for byte in 0..<size { value |= Value(truncatingIfNeeded: bytes[place + byte]) << Value(8 * byte) }
    return value
  }

  /// Where the member of that slot stands; `nil` where it is absent.
  private func place(_ slot: Int) throws(ColumnarError) -> Int? {
    guard slot < slots else { return nil }
    let offset: UInt16 = try FlatView.load(bytes, vtable + 4 + 2 * slot)
    return offset == 0 ? nil : position + Int(offset)
  }

  /// Where that which the member of that slot points at stands.
  private func target(_ slot: Int) throws(ColumnarError) -> Int? {
    guard let place = try place(slot) else { return nil }
    return place + Int(try FlatView.load(bytes, place) as UInt32)
  }

  /// Whether the member of that slot is there.
  func has(_ slot: Int) throws(ColumnarError) -> Bool { try place(slot) != nil }

  /// The number in that slot, `absent` where there is none.
  func number<Value: FixedWidthInteger>(_ slot: Int, absent: Value) throws(ColumnarError) -> Value {
    guard let place = try place(slot) else { return absent }
    return try FlatView.load(bytes, place)
  }

  /// The table that slot points at.
  func table(_ slot: Int) throws(ColumnarError) -> FlatView? {
    guard let target = try target(slot) else { return nil }
    return try FlatView(bytes, at: target)
  }

  /// The text that slot points at.
  func string(_ slot: Int) throws(ColumnarError) -> String? {
    guard let target = try target(slot) else { return nil }
    let count = Int(try FlatView.load(bytes, target) as UInt32)
    guard count <= bytes.count - target - 4 else { throw FlatView.damaged }
    guard let text = String(validating: bytes[(target + 4)..<(target + 4 + count)], as: UTF8.self) else {
      throw FlatView.damaged
    }
    return text
  }

  /// The tables of the vector that slot points at; none where it is absent.
  func tables(_ slot: Int) throws(ColumnarError) -> [FlatView] {
    guard let target = try target(slot) else { return [] }
    let count = Int(try FlatView.load(bytes, target) as UInt32)
    guard count <= (bytes.count - target - 4) / 4 else { throw FlatView.damaged }
    var tables: [FlatView] = []
    tables.reserveCapacity(count)
    for index in 0..<count {
      let place = target + 4 + 4 * index
      tables.append(try FlatView(bytes, at: place + Int(try FlatView.load(bytes, place) as UInt32)))
    }
    return tables
  }

  /// The 64-bit words of the vector of structs (of `words` words each) that slot points at.
  func structs(_ slot: Int, words: Int) throws(ColumnarError) -> [Int64] {
    guard let target = try target(slot) else { return [] }
    let count = Int(try FlatView.load(bytes, target) as UInt32)
    guard count <= (bytes.count - target - 4) / (8 * words) else { throw FlatView.damaged }
    var values: [Int64] = []
    values.reserveCapacity(count * words)
    for index in 0..<(count * words) { values.append(try FlatView.load(bytes, target + 4 + 8 * index)) }
    return values
  }

  /// Names and texts of the vector of pairs that slot points at.
  func pairs(_ slot: Int) throws(ColumnarError) -> [String: String] {
    var pairs: [String: String] = [:]
    for pair in try tables(slot) {
      if let name = try pair.string(0) { pairs[name] = try pair.string(1) ?? "" }
    }
    return pairs
  }
}
