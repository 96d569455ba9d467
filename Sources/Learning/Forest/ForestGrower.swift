import Numerics

/// Grows a forest's trees, one after another, in the same room.
struct ForestGrower: Sendable {
  let matrix: BinnedMatrix
  let rules: GrowthRules
  /// How many columns a node draws; it goes on drawing while none of them can divide it.
  let columnsPerNode: Int
  var records: ForestRecords
  /// The order a node draws columns in; put back after each node.
  private var pool: [Int32]
  /// For each depth the tables of two children, as many as a node has columns.
  private var tables: [[Int64]] = []
  private var sums = [Int64](repeating: 0, count: 256)
  private var filled = [UInt64](repeating: 0, count: 4)

  /// Up to how much weight (in rows' worth) a node's bins are listed, not tabled: most of a table would be empty.
  static let listedUpTo = 96

  init(_ matrix: BinnedMatrix, _ rules: GrowthRules, columnsPerNode: Int, isIndirect: Bool? = nil) {
    self.matrix = matrix
    self.rules = rules
    self.columnsPerNode = columnsPerNode
    records = ForestRecords(matrix, isIndirect: isIndirect)
    pool = (0..<Int32(matrix.columns)).map { $0 }
  }

  /// A node that may be divided.
  private struct Node {
    var number: Int
    var places: Range<Int>
    var depth: Int
    var sum: Int64
    /// The columns it draws first.
    var columns: [Int32]
    /// Where its tables begin among those of its depth; `nil` where it has none.
    var start: Int?

    var isFar: Bool { depth % 2 == 1 }
  }

  private struct Context {
    let search: SplitSearch
    let generator: CounterGenerator
    /// The weight that counts as one row, in units.
    let row: Double
  }

  /// The tree of the records, whose cells sum to `total`; each node draws its columns by its number in `generator`.
  mutating func grow(total: Int64, units: GradientUnits, generator: CounterGenerator) -> TreeGrower.Tree {
    let search = SplitSearch(
      rules: rules, units: units, layout: HistogramLayout(matrix), valueBins: matrix.valueBins,
      isCategorical: matrix.isCategorical)
    let context = Context(
      search: search, generator: generator,
      row: Double(total & 0xffff_ffff) / Double(max(1, records.count)))
    var tree = TreeGrower.Tree()
    append(&tree, total, rows: records.count, search)
    var root = Node(number: 0, places: 0..<records.count, depth: 0, sum: total, columns: [], start: nil)
    guard isOpen(root.sum, rows: records.count, depth: 0) else { return tree }
    root.columns = drawn(0, columnsPerNode, context)
    if isTabled(total, context) {
      let start = room(depth: 0, root.columns)
      records.add(root.places, isFar: false, columns: root.columns[...], to: &tables[0], at: start)
      root.start = start
    }
    divide(root, &tree, context)
    return tree
  }

  private func append(_ tree: inout TreeGrower.Tree, _ sum: Int64, rows: Int, _ search: SplitSearch) {
    tree.kinds.append(DecisionTrees.Kind.leaf.rawValue)
    tree.features.append(-1)
    tree.thresholds.append(0)
    tree.left.append(-1)
    let weight = search.units.hessian(sum)
    tree.values.append(weight > 0 ? search.units.gradient(sum) / weight : 0)
    tree.covers.append(Double(rows))
  }

  /// Whether a node may be divided: rows of both kinds, and enough of them.
  private func isOpen(_ sum: Int64, rows: Int, depth: Int) -> Bool {
    let (events, weight) = (sum >> 32, sum & 0xffff_ffff)
    return depth < rules.depth && rows >= 2 * rules.minimumRows && events > 0 && weight > 1
  }

  private func isTabled(_ sum: Int64, _ context: Context) -> Bool {
    Double(sum & 0xffff_ffff) > Double(Self.listedUpTo) * context.row
  }

  /// Where a depth's tables for `columns` begin, which are made zero.
  private mutating func room(depth: Int, _ columns: [Int32]) -> Int {
    while tables.count <= depth { tables.append([]) }
    if tables[depth].count < columns.count * 256 {
      tables[depth] = [Int64](repeating: 0, count: columns.count * 256)
    } else {
      var all = tables[depth].mutableSpan
      for (number, column) in columns.enumerated() {
        for place in number * 256...number * 256 + matrix.valueBins[Int(column)] { all[place] = 0 }
      }
    }
    return 0
  }

  /// The first `count` columns that node number `node` draws.
  private mutating func drawn(_ node: Int, _ count: Int, _ context: Context) -> [Int32] {
    let draws = context.generator.deriving(node)
    let count = min(count, pool.count)
    var others: [Int] = []
    for place in 0..<count {
      let other = place + draws.uniform(UInt64(place), below: pool.count - place)
      others.append(other)
      pool.swapAt(place, other)
    }
    let drawn = Array(pool[0..<count])
    for place in (0..<count).reversed() { pool.swapAt(place, others[place]) }
    return drawn
  }

  /// Divides a node and what comes of it, until nothing can be divided.
  private mutating func divide(_ node: Node, _ tree: inout TreeGrower.Tree, _ context: Context) {
    var least: Int64 = 1
    if rules.minimumRows > 1 {
      least = max(1, Int64((Double(rules.minimumRows) * context.row * 0.999).rounded(.up)))
    }
    while let split = bestSplit(node, least: least, context) {
      let sides = RowPartition.sides(split, left: 0)
      let sums = (left: split.leftSum, right: node.sum &- split.leftSum)
      let depth = node.depth + 1
      let number = tree.kinds.count
      // Rows are not known before they are counted; a weight of as many as that means at least one of them.
      let isOpen = (
        left: self.isOpen(sums.left, rows: .max, depth: depth),
        right: self.isOpen(sums.right, rows: .max, depth: depth)
      )
      var middle: Int
      var children: [Node] = []
      if isOpen.left || isOpen.right {
        let isTabled =
          isOpen.left && self.isTabled(sums.left, context)
          || isOpen.right && self.isTabled(sums.right, context)
        let columns = (
          left: drawn(number, columnsPerNode, context), right: drawn(number + 1, columnsPerNode, context)
        )
        let wanted = isTabled ? columns.left + columns.right : []
        let start = room(depth: depth, wanted)
        middle = records.divide(
          node.places, isFar: node.isFar, column: split.feature, sides: sides,
          columns: wanted, tables: &tables[depth], at: start)
        children = [
          Node(
            number: number, places: node.places.lowerBound..<middle, depth: depth, sum: sums.left,
            columns: columns.left, start: self.isTabled(sums.left, context) ? start : nil),
          Node(
            number: number + 1, places: middle..<node.places.upperBound, depth: depth, sum: sums.right,
            columns: columns.right,
            start: self.isTabled(sums.right, context) ? start + 256 * columns.left.count : nil),
        ]
      } else {
        middle =
          node.places.lowerBound
          + records.countLeft(node.places, isFar: node.isFar, column: split.feature, sides: sides)
      }
      let rows = (left: middle - node.places.lowerBound, right: node.places.upperBound - middle)
      if min(rows.left, rows.right) < rules.minimumRows {
        // Weights only estimate rows: look again for a split whose lighter side weighs more.
        least = max(least, min(sums.left & 0xffff_ffff, sums.right & 0xffff_ffff)) + 1
        continue
      }
      tree.record(split, of: node.number, left: number)
      append(&tree, sums.left, rows: rows.left, context.search)
      append(&tree, sums.right, rows: rows.right, context.search)
      for child in children where self.isOpen(child.sum, rows: child.places.count, depth: depth) {
        divide(child, &tree, context)
      }
      return
    }
  }

  /// The best split by the columns that the node draws; where none of them can divide it, by the first after them
  /// that can.
  private mutating func bestSplit(_ node: Node, least: Int64, _ context: Context) -> Split? {
    let sums = NodeSums(sum: node.sum, rows: node.places.count, lower: -.infinity, upper: .infinity)
    var scan = Scan(
      search: context.search, node: sums, least: least, floor: -.infinity, lambda: 0, cuts: nil)
    for (place, column) in node.columns.enumerated() {
      consider(Int(column), node, table: node.start.map { $0 + place * 256 }, &scan)
    }
    if scan.best != nil || node.columns.count == matrix.columns { return scan.best }
    for column in drawn(node.number, matrix.columns, context).dropFirst(node.columns.count) {
      consider(Int(column), node, table: nil, &scan)
      if scan.best != nil { break }
    }
    return scan.best
  }

  /// Tries the splits of one column, whose sums stand in the node's table number `table`, or in none.
  private mutating func consider(_ column: Int, _ node: Node, table: Int?, _ scan: inout Scan) {
    let bins = matrix.valueBins[column] + 1
    if let table {
      let tables = tables[node.depth]
      search(tables.span.extracting(table..<table + bins), column, &scan)
      return
    }
    records.gather(node.places, isFar: node.isFar, column: column, sums: &sums, filled: &filled)
    search(sums.span.extracting(0..<bins), column, &scan)
    for word in 0..<4 {
      var bits = filled[word]
      while bits != 0 {
        let bin = word * 64 + bits.trailingZeroBitCount
        sums[bin] = 0
        bits &= bits &- 1
      }
      filled[word] = 0
    }
  }

  private func search(_ bins: Span<Int64>, _ column: Int, _ scan: inout Scan) {
    if matrix.isCategorical[column] { scan.categories(bins, column) } else { scan.numbers(bins, column) }
  }
}
