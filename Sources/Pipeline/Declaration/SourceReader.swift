import Clientele
import Fingerprints
import Tabular

/// Reads one member of `sources` in `pipeline.json`.
enum SourceReader {
  /// The source at `node`; `nil` where too little of it can be read.
  static func source(_ name: String, _ node: DeclarationNode) -> SourceDeclaration? {
    let what = "source \"\(name)\""
    guard node.isObject(what, keys: ["path", "kind", "keep", "dialect", "columns"]) else { return nil }
    var source = SourceDeclaration(
      name: name, path: "", keep: .bytes,
      contract: SourceContract(dialect: DialectContract(), columns: []))
    if let path = node.required("path", of: what), let text = path.text() {
      if text.isEmpty || text.utf8.contains(0) || text.utf8.count > 4096 {
        path.complain(.badPath, "this cannot be the path of a file")
      }
      source.path = text
    }
    source.contract.kind = node.child("kind")?.choice(SourceKind.self) ?? .snapshot
    source.keep = node.child("keep")?.choice(SourceKeeping.self) ?? .bytes
    if let dialect = node.child("dialect") { source.contract.dialect = self.dialect(dialect) }
    if let columns = node.required("columns", of: what) {
      source.contract.columns = self.columns(columns, of: what)
    }
    return source
  }

  private static func dialect(_ node: DeclarationNode) -> DialectContract {
    var dialect = DialectContract()
    guard node.isObject("a dialect", keys: ["delimiter", "encoding", "decimal", "missing"]) else {
      return dialect
    }
    func oneOf(_ name: String, _ allowed: [String]) -> String? {
      guard let member = node.child(name), member.value != .null, let text = member.text() else { return nil }
      if allowed.contains(text) { return text }
      let words = allowed.map { $0 == "\t" ? "a tab" : "\"\($0)\"" }.joined(separator: ", ")
      member.complain(
        .valueNotAllowed, "\(quoted(text)) is none of \(words)", hint: NearestName.hint(text, among: allowed))
      return nil
    }
    dialect.delimiter = oneOf("delimiter", [",", ";", "|", "\t"])
    dialect.encoding = oneOf("encoding", ["utf-8", "windows-1251", "latin-1"])
    dialect.decimal = oneOf("decimal", [".", ","])
    dialect.missing = node.child("missing")?.texts()
    if let delimiter = dialect.delimiter, delimiter == dialect.decimal {
      node.child("decimal")?.complain(
        .contradiction, "the decimal sign cannot be the delimiter, \(quoted(delimiter))")
    }
    return dialect
  }

  private static func columns(_ node: DeclarationNode, of what: String) -> [ColumnContract] {
    var columns: [ColumnContract] = []
    var nodes: [DeclarationNode] = []
    var names: Set<String> = []
    for element in node.elements() {
      guard let column = ColumnReader.column(element) else { continue }
      if !names.insert(column.name).inserted {
        element.child("name")?.complain(
          .repeated, "\(what) declares the column \(quoted(column.name)) twice", hint: "keep one")
        continue
      }
      columns.append(column)
      nodes.append(element)
    }
    if !columns.contains(where: { $0.role == .key }), node.value.elements != nil {
      node.complain(
        .contradiction, "\(what) has no key column",
        help: "give the column that identifies a customer \"role\": \"key\" (several columns may have it)")
    }
    let targets = columns.indices.filter { columns[$0].role == .target }
    for index in targets.dropFirst() {
      nodes[index].child("role")?.complain(
        .contradiction,
        "\(what) has a target already: \(quoted(columns[targets[0]].name))",
        help: "one column says who left; give the other \"role\": \"ignore\"")
    }
    for (column, element) in zip(columns, nodes) {
      ColumnReader.checkConditions(column, element, names: names, of: what)
    }
    return columns
  }
}
