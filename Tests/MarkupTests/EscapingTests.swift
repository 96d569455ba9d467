import Testing

@testable import Markup

/// What a bank may find in a name field.
let hostile = [
  "</script><img src=x onerror=alert(1)>", "\" onmouseover=\"alert(1)", "' or 1=1 --", "<!--", "]]>",
  "&lt;b&gt;",
  "=cmd()", "\u{2028}\u{0}\u{7}", "<svg/onload=alert(1)>", "\\u003c/script>",
]

private func text(_ html: HTML) -> String { String(decoding: html.bytes, as: UTF8.self) }

@Test(arguments: hostile)
func `text can neither open nor close an element`(_ value: String) {
  let inside = text(HTML.element("td") { value }).dropFirst(4).dropLast(5)
  #expect(!inside.contains("<"))
  #expect(!inside.contains(">"))
  #expect(!inside.unicodeScalars.contains { $0.value < 9 })
}

@Test(arguments: hostile)
func `an attribute cannot be left`(_ value: String) {
  let markup = text(HTML.element("td", ["title": value]))
  #expect(markup.hasPrefix("<td title=\""))
  #expect(markup.hasSuffix("\"></td>"))
  #expect(markup.utf8.count { $0 == UInt8(ascii: "\"") } == 2)
  #expect(!markup.contains("'"))
}

@Test(arguments: hostile)
func `data for the script never holds an angle bracket`(_ value: String) {
  let markup = text(HTML.data(id: "d", .object([(value, .list([.text(value), .number(.nan)]))])))
  let body = markup.dropFirst("<script type=\"application/json\" id=\"d\">".count).dropLast("</script>".count)
  #expect(!body.contains("<"))
  #expect(!body.contains(">"))
  #expect(!body.contains("\u{2028}"))
  #expect(body.contains("null"))
}

@Test func `JSON writes what was given`() {
  let data = Datum.object([
    ("a", .whole(-3)), ("b", .number(0.5)), ("c", .number(2)), ("d", .flag(true)), ("e", .missing),
    ("f", .text("<a \"b\"\\\n")),
  ])
  #expect(
    text(HTML.data(id: "x", data)).contains(
      #"{"a":-3,"b":0.5,"c":2,"d":true,"e":null,"f":"\u003ca \"b\"\\\u000a"}"#))
}

@Test func `a document has its language, its character set first, and one of each`() {
  let page = text(
    HTML.document(language: "en", head: HTML.element("title") { "a & b" }, body: HTML.element("h1") { "x" }))
  #expect(
    page
      == "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>a &amp; b</title></head>\n<body><h1>x</h1></body></html>\n"
  )
}

@Test func `the style sheet asks for nothing outside the page`() {
  let sheet = "\(Stylesheet.text)"
  #expect(!sheet.contains("url("))
  #expect(!sheet.contains("@import"))
  #expect(!sheet.contains("</"))
  #expect(sheet.utf8.count < 25_000)
}
