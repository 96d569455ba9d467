/// Finds the name of a column, stage or parameter that was probably meant.
package enum NearestName {
  /// The nearest of `names` to `name` by edit distance (a swap of neighbours counts one), the first
  /// in byte order among equals; `nil` where none is near: at most a third of the letters differ.
  package static func of(_ name: String, among names: some Sequence<String>) -> String? {
    let wanted = Array(name.lowercased().unicodeScalars.prefix(80))
    let limit = max(1, wanted.count / 3)
    var best: (distance: Int, name: String)?
    for candidate in names.sorted() where candidate != name {
      let letters = Array(candidate.lowercased().unicodeScalars.prefix(80))
      guard abs(letters.count - wanted.count) <= limit else { continue }
      let distance = distance(wanted, letters)
      if distance <= limit, distance < best?.distance ?? .max { best = (distance, candidate) }
    }
    return best?.name
  }

  /// `did you mean "…"?` where a name is near.
  package static func hint(_ name: String, among names: some Sequence<String>) -> String? {
    of(name, among: names).map { "did you mean \"\($0)\"?" }
  }

  private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
    var rows = [Array(0...right.count)]
    for (i, a) in left.enumerated() {
      var row = [i + 1]
      for (j, b) in right.enumerated() {
        var cost = min(rows[i][j] + (a == b ? 0 : 1), rows[i][j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, a == right[j - 1], left[i - 1] == b { cost = min(cost, rows[i - 1][j - 1] + 1) }
        row.append(cost)
      }
      rows.append(row)
    }
    return rows[left.count][right.count]
  }
}
