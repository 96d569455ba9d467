import Markup

/// A paragraph; nothing where there is no text.
func paragraph(_ text: String, _ kind: String? = nil) -> HTML {
  text.isEmpty ? HTML() : HTML.element("p", ["class": kind]) { text }
}

/// Sentences below one another; nothing where there are none.
func sentences(_ texts: [String]) -> HTML {
  HTML(texts.map { paragraph($0, "soft") })
}

/// What is folded away until asked for.
func folded(_ summary: String, _ content: HTML) -> HTML {
  HTML.element("details") {
    HTML.element("summary") { summary }
    content
  }
}

/// A section with its heading.
func section(_ id: String, _ heading: String, @HTMLBuilder _ content: () -> HTML) -> HTML {
  HTML.element("section", ["id": id, "aria-labelledby": id + "-h"]) {
    HTML.element("h2", ["id": id + "-h"]) { heading }
    content()
  }
}

/// Figures side by side: what, how much, and a remark.
func facts(_ list: [(name: String, value: String, remark: String)]) -> HTML {
  HTML.element("dl", ["class": "facts"]) {
    list.map { fact in
      HTML.element("div") {
        HTML.element("dt") { fact.name }
        HTML.element("dd") {
          fact.value
          if !fact.remark.isEmpty { HTML.element("small") { fact.remark } }
        }
      }
    }
  }
}

/// "1 customer", "2 customers".
func counted(_ number: Int, _ one: String, _ many: String) -> String {
  "\(NumberText.count(number)) \(number == 1 ? one : many)"
}

/// Names in a sentence: "a", "a and b", "a, b and c".
func listed(_ names: [String]) -> String {
  guard let last = names.last, names.count > 1 else { return names.first ?? "" }
  return names.dropLast().joined(separator: ", ") + " and " + last
}
