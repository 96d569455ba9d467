/// One member of a flatbuffer table about to be written.
indirect enum FlatMember {
  case bool(Bool)
  case byte(UInt8)
  case short(Int16)
  case int(Int32)
  case long(Int64)
  case string(String)
  case table(FlatTable)
  case tables([FlatTable])
  /// A vector of structs, each made of `words` 64-bit words.
  case structs([Int64], words: Int)

  /// Bytes it takes in its table: a value, or the offset of what stands elsewhere.
  var size: Int {
    switch self {
    case .bool, .byte: 1
    case .short: 2
    case .long: 8
    case .int, .string, .table, .tables, .structs: 4
    }
  }
}

/// A flatbuffer table about to be written: its members by slot, absent ones left out.
struct FlatTable {
  var members: [(slot: Int, member: FlatMember)]

  init(_ members: [(slot: Int, member: FlatMember)]) { self.members = members }
}

/// Writes flatbuffers front to back: a table, then what it points at. Equal tables give equal bytes.
///
/// A table starts four bytes past a multiple of eight, so that behind the four-byte offset of its
/// vtable the widest members come first and all stand aligned. The vtable stands right before it.
struct FlatBufferWriter {
  private var bytes: [UInt8] = []

  /// The flatbuffer with `root` as its root table.
  static func encode(_ root: FlatTable) -> [UInt8] {
    var writer = FlatBufferWriter()
    writer.append(UInt32(0))
    let position = writer.write(root)
    writer.patch(0, to: position)
    return writer.bytes
  }

  private mutating func write(_ table: FlatTable) -> Int {
    let slots = (table.members.map(\.slot).max() ?? -1) + 1
    let ordered = table.members.sorted { left, right in
      left.member.size != right.member.size
        ? left.member.size > right.member.size : left.slot < right.slot
    }
    var places = [UInt16](repeating: 0, count: slots)
    var size = 4
    for (slot, member) in ordered {
      places[slot] = UInt16(size)
      size += member.size
    }
    let vtableSize = 4 + 2 * slots
    while (bytes.count + vtableSize) % 8 != 4 { bytes.append(0) }
    append(UInt16(vtableSize))
    append(UInt16(size))
    for place in places { append(place) }
    let start = bytes.count
    append(Int32(vtableSize))
    var references: [(at: Int, member: FlatMember)] = []
    for (_, member) in ordered {
      switch member {
      case .bool(let value): bytes.append(value ? 1 : 0)
      case .byte(let value): bytes.append(value)
      case .short(let value): append(value)
      case .int(let value): append(value)
      case .long(let value): append(value)
      case .string, .table, .tables, .structs:
        references.append((bytes.count, member))
        append(UInt32(0))
      }
    }
    for (at, member) in references { patch(at, to: writeReferred(member)) }
    return start
  }

  private mutating func writeReferred(_ member: FlatMember) -> Int {
    switch member {
    case .table(let table): return write(table)
    case .string(let text):
      pad(to: 4)
      let start = bytes.count
      append(UInt32(text.utf8.count))
      bytes.append(contentsOf: text.utf8)
      bytes.append(0)
      return start
    case .tables(let tables):
      pad(to: 4)
      let start = bytes.count
      append(UInt32(tables.count))
      for _ in tables { append(UInt32(0)) }
      for (index, table) in tables.enumerated() { patch(start + 4 + 4 * index, to: write(table)) }
      return start
    case .structs(let values, let words):
      while bytes.count % 8 != 4 { bytes.append(0) }
      let start = bytes.count
      append(UInt32(values.count / words))
      for value in values { append(value) }
      return start
    case .bool, .byte, .short, .int, .long: preconditionFailure("a value is not referred to")
    }
  }

  private mutating func pad(to alignment: Int) {
    while bytes.count % alignment != 0 { bytes.append(0) }
  }

  private mutating func append<Value: FixedWidthInteger>(_ value: Value) {
    for shift in stride(from: 0, to: Value.bitWidth, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: value >> Value(shift)))
    }
  }

  /// Offsets count from where they stand.
  private mutating func patch(_ place: Int, to target: Int) {
    let offset = UInt32(target - place)
    for byte in 0..<4 { bytes[place + byte] = UInt8(truncatingIfNeeded: offset >> UInt32(8 * byte)) }
  }
}
