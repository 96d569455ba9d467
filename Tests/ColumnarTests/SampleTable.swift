import Tabular

/// A table with every type, things missing in each, and facts; `rows` of it.
func sampleTable(_ rows: Int) -> Table {
  var validity = Validity(capacity: rows)
  for row in 0..<rows { validity.append(row % 7 != 3) }
  let whole = (0..<rows).map { $0 % 7 != 3 ? Int64($0) * 1_000_003 - 5 : 0 }
  let real = (0..<rows).map { $0 % 5 == 2 ? Double.nan : Double($0) / 3 - 1e9 }
  let codes = (0..<rows).map { $0 % 11 == 4 ? Int32(-1) : Int32($0 % 4) }
  let texts = (0..<rows).map { $0 % 13 == 6 ? nil : $0 % 3 == 0 ? "" : "ключ-\($0)" }
  let columns: [Column] = [
    .integer(IntegerColumn(whole, validity: validity)),
    .integer(IntegerColumn((0..<rows).map { Int64($0) })),
    .real(RealColumn(real)),
    .real(RealColumn((0..<rows).map { Double($0) })),
    .category(CategoryColumn(codes: codes, dictionary: ["Ярославль", "Rybinsk", "", "可"])),
    .text(TextColumn(texts)),
  ]
  let fields = [
    Field("whole", .integer, metadata: ["role": "feature", "unit": "cents"]), Field("place", .integer),
    Field("real", .real), Field("full", .real), Field("city", .category), Field("key", .text),
  ]
  let facts = ["holdfast.foldCount": "5", "a": "", "щ": "ы"]
  return Table(schema: Schema(fields, metadata: facts), columns: columns, rowCount: rows)
}
