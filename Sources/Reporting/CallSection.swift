import Findings
import Markup
import Tabular

/// Who to call and why: the first customers as a table, and room for the script to show the others.
struct CallSection {
  let inputs: ReportInputs
  let customers: RankedCustomers
  let embedded: Int

  /// Customers that stand in the page itself, without any script.
  static let written = 50

  private var currency: String? { inputs.assumptions.currency }

  var html: HTML {
    section("call", "Who to call, and why") {
      if inputs.gate.hasSkill {
        paragraph(reading, "say")
        if embedded > 0 { tools }
        table
        if embedded > 0 { pages }
        if embedded > 0, Offer(inputs.assumptions) != nil { whatIf }
        reasons
        if embedded > 0 { dialog }
      } else {
        paragraph("Nobody: the model shows no skill, and every decision is “do not act”.", "say")
      }
    }
  }

  private var reading: String {
    let shown = min(CallSection.written, customers.count)
    let which =
      embedded < customers.count
      ? "The first \(NumberText.count(max(embedded, shown))) of \(NumberText.count(customers.count)) customers are on this page; all stand in ranking.csv. "
      : ""
    return which
      + "Customers stand in the order of what a call is expected to bring, after its cost. “Pays from” is the share of such customers that must stay for the call to pay, whatever save rate one believes in."
      + (customers.ranges == nil
        ? ""
        : " Below each risk stands the range it may lie in: how many of 100 customers with such a score did leave, among those the model had not seen. It is the doubt about the percentage, not about what this one customer will do.")
  }

  // MARK: The table

  private static let headers: [(id: String, title: String, isNumber: Bool)] = [
    ("rank", "Rank", true), ("key", "Customer", false), ("p", "Risk of leaving", false), ("v", "Value", true),
    ("ev", "Net value of a call", true), ("be", "Pays from", true), ("reason", "Decision", false),
    ("segment", "Segment", false), ("why", "Why at risk", false),
  ]

  private var headers: [(id: String, title: String, isNumber: Bool)] {
    customers.segments == nil ? CallSection.headers.filter { $0.id != "segment" } : CallSection.headers
  }

  private var table: HTML {
    HTML.element("div", ["class": "scroll", "tabindex": "0", "role": "region", "aria-label": "Customers"]) {
      HTML.element("table", ["class": "list", "id": "list", "role": "table"]) {
        HTML.element("caption", ["class": "unseen"]) { "Customers, most worth a call first" }
        HTML.element("thead", ["role": "rowgroup"]) {
          HTML.element("tr", ["role": "row"]) {
            headers.map { header in
              HTML.element(
                "th",
                [
                  "scope": "col", "role": "columnheader", "class": header.isNumber ? "n" : nil,
                  "data-sort": header.id == "why" ? nil : header.id,
                ]
              ) { header.title }
            }
          }
        }
        HTML.element("tbody", ["role": "rowgroup"]) {
          (0..<min(CallSection.written, customers.count)).map(row)
        }
      }
    }
  }

  private func row(_ place: Int) -> HTML {
    let band = customers.bands[place]
    func cell(_ label: String, _ kind: String?, _ content: HTML) -> HTML {
      HTML.element("td", ["role": "cell", "data-label": label, "class": kind]) { content }
    }
    return HTML.element("tr", ["role": "row", "class": customers.reasons[place] == .worthIt ? "act" : nil]) {
      headers.map { header in
        switch header.id {
        case "rank": return cell(header.title, "n", HTML(NumberText.count(place + 1)))
        case "key":
          return HTML.element("th", ["scope": "row", "role": "rowheader"]) {
            customers.keys.text(place) ?? ""
          }
        case "p":
          return cell(
            header.title, nil,
            HTML([
              HTML(NumberText.percent(customers.probabilities[place]) + " "),
              HTML.element("span", ["class": "band " + band.rawValue]) { band.word },
              customers.range(place).map { range in HTML.element("small") { " " + range } } ?? HTML(),
            ]))
        case "v": return cell(header.title, "n", HTML(NumberText.money(customers.values[place])))
        case "ev": return cell(header.title, "n", HTML(NumberText.money(customers.nets[place])))
        case "be": return cell(header.title, "n", HTML(NumberText.percent(customers.breakEvens[place])))
        case "reason":
          return cell(
            header.title, customers.reasons[place] == .worthIt ? "call" : nil,
            HTML(customers.reasons[place].words))
        case "segment":
          return cell(header.title, nil, HTML(customers.segments?.text(place) ?? NumberText.nothing))
        default: return cell(header.title, "why", HTML(customers.drivers.text(place) ?? NumberText.nothing))
        }
      }
    }
  }

  // MARK: What the script brings to life; hidden until it does

  private func option(_ value: String, _ text: String) -> HTML {
    HTML.element("option", ["value": value]) { text }
  }

  private func choice(_ id: String, _ label: String, _ options: [HTML], kind: String? = nil) -> HTML {
    HTML.element("div", ["class": kind]) {
      HTML.element("label", ["for": id]) { label }
      HTML.element("select", ["id": id]) { options }
    }
  }

  private var tools: HTML {
    let used = DecisionReason.allCases.filter { (inputs.assumptions.byReason[$0.rawValue] ?? 0) > 0 }
    return HTML.element("div", ["class": "tools only-script", "role": "search", "hidden": ""]) {
      HTML.element("div") {
        HTML.element("label", ["for": "find"]) { "Search" }
        HTML.void(
          "input",
          [
            "type": "search", "id": "find", "placeholder": "customer or reason", "autocomplete": "off",
            "spellcheck": "false",
          ])
      }
      choice("by-band", "Risk", [option("", "any")] + RiskBand.allCases.map { option($0.rawValue, $0.word) })
      choice("by-reason", "Decision", [option("", "any")] + used.map { option($0.rawValue, $0.words) })
      if let segments = customers.segments {
        choice(
          "by-segment", "Segment",
          [option("", "any")] + segments.dictionary.enumerated().map { option(String($0), $1) })
      }
      choice(
        "sort-by", "Sorted by",
        headers.filter { $0.id != "why" }.map { option($0.id, $0.title) }, kind: "narrow")
      HTML.element("label", ["class": "check"]) {
        HTML.void("input", ["type": "checkbox", "id": "slash", "checked": ""])
        "Key / starts a search"
      }
      HTML.element("div") {
        HTML.element("button", ["type": "button", "id": "save"]) { "Save as CSV" }
      }
    }
  }

  private var pages: HTML {
    HTML([
      HTML.element("p", ["class": "status only-script", "id": "status", "role": "status", "hidden": ""]),
      HTML.element("div", ["class": "pages only-script", "hidden": ""]) {
        HTML.element("button", ["type": "button", "id": "back"]) { "Previous 50" }
        HTML.element("span", ["id": "page"])
        HTML.element("button", ["type": "button", "id": "next"]) { "Next 50" }
      },
    ])
  }

  private var whatIf: HTML {
    HTML.element("div", ["class": "card only-script", "id": "what-if", "hidden": ""]) {
      HTML.element("h3", ["class": "first"]) { "What if the assumptions were others?" }
      paragraph(
        "Move a number: the list above is decided and sorted anew, on this page only. The decision on file stays as it is.",
        "soft")
      HTML.element("div", ["class": "sliders"]) {
        slider("if-g", "Save rate γ: of 100 about to leave, stay if called")
        slider("if-d", "Offer d: cost when taken")
        slider("if-f", "Call f: cost of each")
        HTML.element("div") {
          HTML.element("label", ["for": "if-budget"]) { "Budget; empty for no limit" }
          HTML.void("input", ["type": "number", "id": "if-budget", "min": "0", "step": "any"])
        }
      }
      HTML.element("p", ["id": "if-says", "role": "status", "class": "say"])
      HTML.element("button", ["type": "button", "id": "if-reset"]) { "Back to the assumptions on file" }
    }
  }

  private func slider(_ id: StaticString, _ label: String) -> HTML {
    HTML.element("div") {
      HTML.element("label", ["for": "\(id)"]) {
        label + ": "
        HTML.element("output", ["id": "\(id)-out", "for": "\(id)"])
      }
      HTML.void("input", ["type": "range", "id": "\(id)"])
    }
  }

  private var reasons: HTML {
    let used = DecisionReason.allCases.filter { (inputs.assumptions.byReason[$0.rawValue] ?? 0) > 0 }
    return folded(
      "All \(NumberText.count(inputs.assumptions.ranked)) decisions by reason",
      DataTable(
        "Decisions by reason", [.words("Decision"), .words("Code"), .numbers("Customers")],
        used.map { [$0.words, $0.rawValue, NumberText.count(inputs.assumptions.byReason[$0.rawValue] ?? 0)] }
      ).html(isCaptionHidden: true))
  }

  private var dialog: HTML {
    HTML.element("dialog", ["id": "customer", "aria-labelledby": "customer-name"]) {
      HTML.element("button", ["type": "button", "class": "close", "id": "close"]) { "Close" }
      HTML.element("h2", ["id": "customer-name"]) { "Customer" }
      HTML.element("div", ["id": "customer-body"])
    }
  }
}
