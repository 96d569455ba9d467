/// A piece of HTML that is safe by construction: tags and attribute names are literals of the program,
/// every other text is escaped on its way in, and there is no way to put markup in as text.
package struct HTML: Sendable, Equatable {
  /// The piece, as UTF-8.
  package private(set) var bytes: [UInt8]

  /// Nothing.
  package init() { bytes = [] }

  /// Text, escaped.
  package init(_ text: String) {
    bytes = []
    Escaping.append(text, to: &bytes)
  }

  /// Pieces one after another.
  package init(_ pieces: [HTML]) {
    bytes = []
    bytes.reserveCapacity(pieces.reduce(0) { $0 + $1.bytes.count })
    for piece in pieces { bytes.append(contentsOf: piece.bytes) }
  }

  private init(unescaped bytes: [UInt8]) { self.bytes = bytes }

  /// Whether there is nothing in it.
  package var isEmpty: Bool { bytes.isEmpty }

  /// An element: `name`, its attributes in the order given, what stands in it. A `nil` attribute is
  /// left out.
  package static func element(
    _ name: StaticString, _ attributes: KeyValuePairs<StaticString, String?> = [:],
    @HTMLBuilder _ content: () -> HTML = { HTML() }
  ) -> HTML {
    var bytes = opening(name, attributes)
    let inside = content().bytes
    bytes.reserveCapacity(bytes.count + inside.count + 16)
    bytes.append(contentsOf: inside)
    bytes.append(contentsOf: "</\(name)>".utf8)
    return HTML(unescaped: bytes)
  }

  /// An element that holds nothing and is not closed, such as `meta` or `input`.
  package static func void(_ name: StaticString, _ attributes: KeyValuePairs<StaticString, String?>) -> HTML {
    HTML(unescaped: opening(name, attributes))
  }

  /// A script element of data for the page's own script to read; `<` never stands in it.
  package static func data(id: String, _ datum: Datum) -> HTML {
    var bytes = opening("script", ["type": "application/json", "id": id])
    datum.append(to: &bytes)
    bytes.append(contentsOf: "</script>".utf8)
    return HTML(unescaped: bytes)
  }

  /// The program's own style sheet, as it is.
  package static func style(_ asset: StaticString) -> HTML {
    HTML(unescaped: Array("<style>\(asset)</style>".utf8))
  }

  /// The program's own script, as it is.
  package static func script(_ asset: StaticString) -> HTML {
    HTML(unescaped: Array("<script>\(asset)</script>".utf8))
  }

  /// A whole document.
  package static func document(language: String, head: HTML, body: HTML) -> HTML {
    var bytes = Array("<!doctype html>\n".utf8)
    bytes.append(contentsOf: opening("html", ["lang": language]))
    bytes.append(contentsOf: "<head><meta charset=\"utf-8\">".utf8)
    bytes.append(contentsOf: head.bytes)
    bytes.append(contentsOf: "</head>\n<body>".utf8)
    bytes.append(contentsOf: body.bytes)
    bytes.append(contentsOf: "</body></html>\n".utf8)
    return HTML(unescaped: bytes)
  }

  private static func opening(
    _ name: StaticString, _ attributes: KeyValuePairs<StaticString, String?>
  ) -> [UInt8] {
    var bytes = Array("<\(name)".utf8)
    for (attribute, value) in attributes {
      guard let value else { continue }
      bytes.append(contentsOf: " \(attribute)=\"".utf8)
      Escaping.append(value, to: &bytes)
      bytes.append(UInt8(ascii: "\""))
    }
    bytes.append(UInt8(ascii: ">"))
    return bytes
  }
}

/// Lets pieces be written one below the other; a text among them is escaped.
@resultBuilder
package enum HTMLBuilder {
  /// A text.
  package static func buildExpression(_ text: String) -> HTML { HTML(text) }
  /// A piece.
  package static func buildExpression(_ piece: HTML) -> HTML { piece }
  /// Pieces in a list.
  package static func buildExpression(_ pieces: [HTML]) -> HTML { HTML(pieces) }
  /// All of them.
  package static func buildBlock(_ pieces: HTML...) -> HTML { HTML(pieces) }
  /// One that may be missing.
  package static func buildOptional(_ piece: HTML?) -> HTML { piece ?? HTML() }
  /// The first of two.
  package static func buildEither(first piece: HTML) -> HTML { piece }
  /// The second of two.
  package static func buildEither(second piece: HTML) -> HTML { piece }
  /// Those of a loop.
  package static func buildArray(_ pieces: [HTML]) -> HTML { HTML(pieces) }
}
