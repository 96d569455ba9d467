import Tabular

/// The tables of Arrow's metadata as we write them: Schema.fbs, Message.fbs and File.fbs of the Arrow
/// columnar format, version 5 of the metadata. The number before each member is its slot there.
enum ArrowMessages {
  /// Metadata version 5.
  static let version = Int16(4)

  /// Members of the union `Type`.
  enum TypeCode {
    static let int: UInt8 = 2
    static let floatingPoint: UInt8 = 3
    static let utf8: UInt8 = 5
    static let bool: UInt8 = 6
    static let largeUtf8: UInt8 = 20
  }

  /// Members of the union `MessageHeader`.
  enum HeaderCode {
    static let schema: UInt8 = 1
    static let dictionaryBatch: UInt8 = 2
    static let recordBatch: UInt8 = 3
  }

  /// Where a message stands in the file.
  struct Block {
    var offset: Int
    var metadataLength: Int
    var bodyLength: Int
  }

  /// A buffer of a message's body.
  struct Buffer {
    var offset: Int
    var length: Int
  }

  /// Rows and missing rows of one column of a batch.
  struct Node {
    var rows: Int
    var missing: Int
  }

  static func message(_ code: UInt8, _ header: FlatTable, bodyLength: Int) -> FlatTable {
    FlatTable([
      (0, .short(version)), (1, .byte(code)), (2, .table(header)), (3, .long(Int64(bodyLength))),
    ])
  }

  static func schema(_ schema: Schema) -> FlatTable {
    var dictionaries = 0
    let fields = schema.fields.map { field in
      var members: [(slot: Int, member: FlatMember)] = [
        (0, .string(field.name)), (1, .bool(true)), (5, .tables([])),
      ]
      switch field.type {
      case .integer:
        members += [(2, .byte(TypeCode.int)), (3, .table(int(bits: 64)))]
      case .real:
        // Precision 2 is 64 bits.
        members += [(2, .byte(TypeCode.floatingPoint)), (3, .table(FlatTable([(0, .short(2))])))]
      case .category:
        let encoding = FlatTable([
          (0, .long(Int64(dictionaries))), (1, .table(int(bits: 32))), (2, .bool(false)),
        ])
        members += [(2, .byte(TypeCode.utf8)), (3, .table(FlatTable([]))), (4, .table(encoding))]
        dictionaries += 1
      case .text:
        members += [(2, .byte(TypeCode.utf8)), (3, .table(FlatTable([])))]
      }
      if !field.metadata.isEmpty { members.append((6, pairs(field.metadata))) }
      return FlatTable(members)
    }
    var members: [(slot: Int, member: FlatMember)] = [(0, .short(0)), (1, .tables(fields))]
    if !schema.metadata.isEmpty { members.append((2, pairs(schema.metadata))) }
    return FlatTable(members)
  }

  static func recordBatch(rows: Int, nodes: [Node], buffers: [Buffer]) -> FlatTable {
    FlatTable([
      (0, .long(Int64(rows))),
      (1, .structs(nodes.flatMap { [Int64($0.rows), Int64($0.missing)] }, words: 2)),
      (2, .structs(buffers.flatMap { [Int64($0.offset), Int64($0.length)] }, words: 2)),
    ])
  }

  static func dictionaryBatch(id: Int, _ batch: FlatTable) -> FlatTable {
    FlatTable([(0, .long(Int64(id))), (1, .table(batch)), (2, .bool(false))])
  }

  static func footer(_ schema: Schema, dictionaries: [Block], batches: [Block]) -> FlatTable {
    func blocks(_ blocks: [Block]) -> FlatMember {
      // The metadata's length is 32 bits and four of padding: as a little-endian word, itself.
      .structs(
        blocks.flatMap { [Int64($0.offset), Int64($0.metadataLength), Int64($0.bodyLength)] }, words: 3)
    }
    return FlatTable([
      (0, .short(version)), (1, .table(ArrowMessages.schema(schema))), (2, blocks(dictionaries)),
      (3, blocks(batches)),
    ])
  }

  private static func int(bits: Int32) -> FlatTable { FlatTable([(0, .int(bits)), (1, .bool(true))]) }

  /// Sorted by name, bytewise: equal facts give equal bytes.
  private static func pairs(_ facts: [String: String]) -> FlatMember {
    let sorted = facts.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    return .tables(sorted.map { FlatTable([(0, .string($0.key)), (1, .string($0.value))]) })
  }
}
