import Clientele
import Learning
import Modelling
import Numerics
import Tabular
import Testing

struct FeatureEncodingTests {
  @Test func `features and states are learnt from, key, fold, label and rare text are not`() throws {
    let (encoding, leftOut) = try FeatureEncoding.learn(from: MadeCustomers.features(50), usesProtected: true)
    #expect(encoding.columns.map(\.name) == ["balance", "balance.state", "age", "city"])
    #expect(encoding.columns.map(\.group) == ["balance", "balance", "age", "city"])
    #expect(encoding.columns.map(\.isProtected) == [false, false, true, false])
    #expect(leftOut.map(\.name) == ["remark"])
  }

  @Test func `protected attributes stay out where asked`() throws {
    let (encoding, leftOut) = try FeatureEncoding.learn(
      from: MadeCustomers.features(50), usesProtected: false)
    #expect(!encoding.columns.map(\.name).contains("age"))
    #expect(leftOut.map(\.name) == ["age", "remark"])
  }

  @Test func `the dictionary's order does not matter`() throws {
    let a = MadeCustomers.features(200)
    let b = MadeCustomers.features(200, cities: ["Chur", "Genf", "Bern", "Basel"])
    let encoding = try FeatureEncoding.learn(from: a, usesProtected: true).encoding
    #expect(try FeatureEncoding.learn(from: b, usesProtected: true).encoding == encoding)
    let (first, second) = (try encoding.encode(a), try encoding.encode(b))
    #expect(first.frame.columns[3] == second.frame.columns[3])
    #expect(encoding.columns[3].kind == .category(levels: ["Basel", "Bern", "Chur", "Genf"]))
  }

  @Test func `texts never seen are counted and coded as missing`() throws {
    let encoding = FeatureEncoding(columns: [
      .init(
        name: "city", kind: .category(levels: ["Bern"]), isProtected: false, group: "city",
        missingPolicy: .keep)
    ])
    let table = Table([
      ("city", .category(CategoryColumn(codes: [1, 0, -1, 1], dictionary: ["Bern", "Rom"])))
    ])
    let encoded = try encoding.encode(table)
    #expect(encoded.frame.columns == [.categorical(codes: [-1, 0, -1, -1], levels: 1)])
    #expect(encoded.unseen == [.init(column: "city", rows: 2)])
  }

  @Test func `texts that differ only in how a letter is composed are two`() throws {
    let codes = CategoryColumn(codes: [0, 1], dictionary: ["Z\u{FC}rich", "Zu\u{308}rich"])
    let table = Table([("city", .category(codes))])
    let encoding = try FeatureEncoding.learn(from: table, usesProtected: true).encoding
    #expect(try encoding.encode(table).frame.columns == [.categorical(codes: [1, 0], levels: 2)])
  }

  @Test func `a table that does not fit is refused by name`() throws {
    let encoding = try FeatureEncoding.learn(from: MadeCustomers.features(50), usesProtected: true).encoding
    let lacking = try MadeCustomers.features(5).selecting(["key", "balance"])
    #expect(throws: ModellingError.self) { try encoding.encode(lacking) }
    let other = Table([("age", .category(CategoryColumn(codes: [0], dictionary: ["old"])))])
    let ageOnly = FeatureEncoding(columns: [encoding.columns[2]])
    do throws(ModellingError) {
      _ = try ageOnly.encode(other)
      Issue.record("categories are no numbers")
    } catch {
      #expect(error.kind == .tableDoesNotFit && error.description.contains("\"age\""))
    }
    #expect(throws: ModellingError.self) {
      try FeatureEncoding.learn(
        from: Table([("t", .text(TextColumn(["a"])))]), usesProtected: true)
    }
  }
}

extension FeatureEncoding {
  /// The encoding of a table in memory.
  static func learn(
    from features: Table, usesProtected: Bool
  ) throws -> (encoding: FeatureEncoding, leftOut: [LeftOut]) {
    let (encoding, leftOut, _) = try learnAndEncode(
      features.schema, rows: features.rowCount, usesProtected: usesProtected, crew: Crew(threads: 2)
    ) { try features.column($0) }
    return (encoding, leftOut)
  }
}
