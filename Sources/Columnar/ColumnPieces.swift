import Tabular

/// Writes one column's buffers of one batch: which rows hold a value, then the values.
struct ColumnPieces {
  private let column: Column
  private let rows: Range<Int>
  private let missing: Int

  /// The buffers of `rows` of `column`, of which `missing` hold nothing; `rows` starts at a multiple of 64.
  init(_ column: Column, rows: Range<Int>, missing: Int) {
    precondition(rows.lowerBound % 64 == 0, "batches start at whole words of validity")
    self.column = column
    self.rows = rows
    self.missing = missing
  }

  func write<Failure: Error>(to out: inout ByteStaging<Failure>) throws(Failure) {
    switch column {
    case .integer(let numbers):
      try write(numbers.validity, to: &out)
      if missing == 0 {
        try write(numbers.values, rows, to: &out)
      } else {
        let values = rows.map { numbers.isPresent($0) ? numbers.values[$0] : 0 }
        try write(values, values.indices, to: &out)
      }
    case .real(let numbers):
      if missing == 0 {
        try write(numbers.values, rows, to: &out)
      } else {
        var values = Array(numbers.values[rows])
        var words = [UInt64](repeating: 0, count: (values.count + 63) / 64)
        for place in values.indices {
          // A slot that holds nothing is 0, so that no NaN's hidden bits reach the file.
          if values[place].isNaN { values[place] = 0 } else { words[place >> 6] |= 1 << UInt64(place & 63) }
        }
        try writeBits(words, to: &out)
        try write(values, values.indices, to: &out)
      }
    case .category(let categories):
      if missing == 0 {
        try write(categories.codes, rows, to: &out)
      } else {
        var codes = Array(categories.codes[rows])
        var words = [UInt64](repeating: 0, count: (codes.count + 63) / 64)
        for place in codes.indices {
          if codes[place] < 0 { codes[place] = 0 } else { words[place >> 6] |= 1 << UInt64(place & 63) }
        }
        try writeBits(words, to: &out)
        try write(codes, codes.indices, to: &out)
      }
    case .text(let texts):
      try write(texts.validity, to: &out)
      let all = texts.offsets
      let base = all[rows.lowerBound]
      let bytes = Int(base)..<Int(all[rows.upperBound])
      let past = rows.lowerBound..<(rows.upperBound + 1)
      if base == 0 {
        try write(all, past, to: &out)
      } else {
        let offsets = all[past].map { $0 - base }
        try write(offsets, offsets.indices, to: &out)
      }
      try write(texts.bytes, bytes, to: &out)
    }
  }

  private func write<Failure: Error>(
    _ validity: Validity?, to out: inout ByteStaging<Failure>
  ) throws(Failure) {
    guard missing > 0, let validity else { return }
    try writeBits(Array(validity.words[(rows.lowerBound / 64)..<((rows.upperBound + 63) / 64)]), to: &out)
  }

  private func writeBits<Failure: Error>(
    _ words: [UInt64], to out: inout ByteStaging<Failure>
  ) throws(Failure) {
    // Words are little-endian on every machine we build for; bits past the last row are zero.
    try out.append(unsafe words.span.bytes.extracting(0..<((rows.count + 7) / 8)))
    try out.pad()
  }

  private func write<Value: BitwiseCopyable, Failure: Error>(
    _ values: [Value], _ range: Range<Int>, to out: inout ByteStaging<Failure>
  ) throws(Failure) {
    try out.append(values, range)
    try out.pad()
  }
}
