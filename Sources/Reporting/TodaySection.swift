import Findings
import Markup
import Tabular

/// The top of the page: today's sentence, or that there is none.
struct TodaySection {
  let inputs: ReportInputs
  let customers: RankedCustomers
  let title: String

  private var found: AssumptionsFindings { inputs.assumptions }
  private func money(_ amount: Double) -> String { NumberText.money(amount, found.currency) }

  /// The heading of the page.
  var heading: String { title + (found.isSnapshot ? ", as of the snapshot" : "") }

  /// The header: heading, sentence, what it rests on.
  var header: HTML {
    HTML.element("header", ["class": "top"]) {
      HTML.element("div", ["class": "wrap"]) {
        if inputs.gate.hasSkill {
          HTML.element("h1") { heading }
          sentence
          rests
        } else {
          noSkill
          HTML.element("h1") { heading }
        }
      }
    }
  }

  private func bold(_ text: String) -> HTML { HTML.element("b") { text } }

  private var sentence: HTML {
    HTML.element("p", ["class": "lead"]) {
      if found.act == 0 {
        "No call pays today: for none of the "
        bold(counted(found.ranked, "customer", "customers"))
        " ranked is it expected to bring more than it costs."
      } else {
        "Call "
        bold(counted(found.act, "customer", "customers"))
        ". That is expected to keep about "
        bold(
          found.expectedKept < 9.5
            ? NumberText.decimals(found.expectedKept, 1) : NumberText.decimals(found.expectedKept, 0))
        " who would have left, worth "
        bold(money(found.expectedValue) + " net")
        ", for a cost of "
        bold(money(found.expectedCost))
        "."
      }
    }
  }

  private var noSkill: HTML {
    HTML([
      HTML.element("p", ["class": "lead"]) {
        "Call nobody on this model’s word: it has "
        bold("no skill")
        " shown. It does not tell those who leave from those who stay better than chance would."
      },
      HTML.element("p", ["class": "rests"]) {
        "No customer is listed below. What was checked, and how it came out, stands under “How good the model is”."
      },
    ])
  }

  private var rests: HTML {
    HTML.element("p", ["class": "rests"]) {
      "This rests on "
      found.assumptions.filter { $0.symbol != "V" }.enumerated().map { place, assumption in
        HTML([
          HTML(place == 0 ? "" : ", "),
          HTML("\(assumption.name) \(assumption.symbol) = \(assumption.text(found.currency)) "),
          HTML.element("span", ["class": "assumed"]) { assumption.sourceWord },
        ])
      }
      ". "
      if found.assumptions.contains(where: { $0.source == "assumed" }) {
        "What is assumed has not been measured: only a campaign with a control group can."
      }
    }
  }

  /// The figures and the two charts below the sentence.
  var body: HTML {
    section("today", "Today") {
      facts(figures)
      changes
      if inputs.gate.hasSkill {
        HTML.element("div", ["class": "grid"]) {
          HTML.element("div", ["class": "stack"]) {
            if customers.count > 1 { curve }
            decisions
          }
          HTML.element("div", ["class": "stack"]) {
            if let offer = Offer(found), found.act > 0 { waterfall(offer) }
            risk
          }
        }
      } else {
        HTML.element("div", ["class": "grid"]) { risk }
      }
    }
  }

  private var figures: [(name: String, value: String, remark: String)] {
    let share = found.ranked > 0 ? found.expectedLeavers / Double(found.ranked) : .nan
    var list = [
      (
        "Customers ranked", NumberText.count(found.ranked),
        inputs.assumptions.isSnapshot ? "as of the snapshot" : ""
      ),
      (
        "Expected to leave", NumberText.decimals(found.expectedLeavers, 0),
        "\(NumberText.percent(share)) of them, if nothing is done"
      ),
      ("Value at risk", money(found.valueAtRisk), "probability of leaving times value, summed"),
    ]
    if inputs.gate.hasSkill {
      let perCall = found.act > 0 ? found.expectedValue / Double(found.act) : .nan
      list += [
        ("To call", NumberText.count(found.act), limits),
        (
          "Net value of calling", money(found.expectedValue),
          found.act > 0 ? "\(money(perCall)) a call, after its cost; rests on what is assumed" : ""
        ),
        ("Cost of calling", money(found.expectedCost), "expected: calls, and offers when taken"),
      ]
    }
    return list.map { (name: $0.0, value: $0.1, remark: $0.2) }
  }

  private var limits: String {
    var words: [String] = []
    if let budget = found.budget { words.append("budget \(money(budget))") }
    if let capacity = found.capacity { words.append("at most \(counted(capacity, "call", "calls"))") }
    return words.isEmpty ? "no limit on budget or calls" : words.joined(separator: ", ")
  }

  /// Net value by number of calls, along the list.
  private var curve: HTML {
    let worth = customers.nets.count { $0 > 0 }
    let end = min(customers.count, max(20, 3 * max(worth, found.act)))
    var (x, y) = ([0.0], [0.0])
    var total = 0.0
    let step = max(1, end / 150)
    for place in 0..<end {
      total += customers.nets[place].isFinite ? customers.nets[place] : 0
      if (place + 1) % step == 0 || place + 1 == end || place + 1 == worth {
        x.append(Double(place + 1))
        y.append(total)
      }
    }
    let peak = y.max() ?? 0
    let finding =
      worth == 0
      ? "Already the first call costs more than it brings."
      : "The first \(counted(worth, "call brings", "calls bring")) \(money(peak)); each one after that costs more than it brings."
    let mark =
      found.act > 0
      ? [
        LineChart.Mark(
          "\(NumberText.count(found.act)) calls: \(money(found.expectedValue))", x: Double(found.act),
          y: found.expectedValue)
      ]
      : []
    return LineChart.html(
      ChartWords(id: "curve", title: "Where calling stops to pay", finding: finding),
      across: .init("customers called, most worth a call first", including: [0]),
      up: .init("expected net value" + (found.currency.map { ", " + $0 } ?? ""), including: [0]),
      [.init("by the list", x: x, y: y)], marks: mark)
  }

  private func waterfall(_ offer: Offer) -> HTML {
    let parts = offer.parts(customers, customers.toCall)
    let total = parts.reduce(0) { $0 + $1.change }
    return WaterfallChart.html(
      ChartWords(
        id: "worth", title: "Where the net value comes from",
        finding:
          "Of \(money(parts.first?.change ?? 0)) kept by calling, \(money(total)) remain after harm, offers and calls."
      ),
      parts, total: "Net value"
    ) { NumberText.money($0, found.currency) }
  }

  /// Customers by what was decided about them, and why.
  private var decisions: HTML {
    let used = DecisionReason.allCases.filter { (found.byReason[$0.rawValue] ?? 0) > 0 }
    let above = found.ranked - (found.byReason[DecisionReason.belowCost.rawValue] ?? 0)
    return BarChart.html(
      ChartWords(
        id: "decisions", title: "What was decided",
        finding:
          "\(counted(found.act, "customer", "customers")) to call; \(counted(found.ranked - found.act, "is", "are")) left alone, "
          + (above > found.act
            ? "\(NumberText.count(above - found.act)) of them although a call might pay."
            : "since calling them costs more than it brings.")), rows: "Decision",
      used.map { BarChart.Bar($0.short, [Double(found.byReason[$0.rawValue] ?? 0)]) },
      [BarChart.Series("Customers")])
  }

  /// Customers by probability of leaving, in twenty parts.
  private var risk: HTML {
    var counts = [Double](repeating: 0, count: 20)
    // By place among the bands: a dictionary would hash each customer's band.
    let bands = RiskBand.allCases
    var ends = [Double](repeating: 0, count: bands.count)
    var sizes = [Int](repeating: 0, count: bands.count)
    for place in 0..<customers.count {
      let p = customers.probabilities[place]
      guard p.isFinite, let band = bands.firstIndex(of: customers.bands[place]) else { continue }
      counts[min(19, max(0, Int(p * 20)))] += 1
      ends[band] = max(ends[band], p)
      sizes[band] += 1
    }
    let rows = Dictionary(uniqueKeysWithValues: zip(bands, sizes))
    let bounds = Dictionary(
      uniqueKeysWithValues: zip(bands, zip(ends, sizes)).filter { $0.1.1 > 0 }.map { ($0, $1.0) })
    let tones: [(RiskBand, BarChart.Tone)] = [(.low, .second), (.raised, .third), (.high, .strong)]
    let finding =
      "\(counted(rows[.high] ?? 0, "customer has", "customers have")) a high risk, "
      + "\(NumberText.count(rows[.raised] ?? 0)) a raised one, \(NumberText.count(rows[.low] ?? 0)) a low one."
    return Histogram.html(
      ChartWords(id: "risk", title: "How likely customers are to leave", finding: finding), counts: counts,
      range: 0...1,
      bands: tones.compactMap { band, tone in
        bounds[band].map { Histogram.Band(band.word + " risk", end: $0, tone) }
      }, across: "probability of leaving", up: "customers")
  }

  /// What changed since the last list that differs.
  @HTMLBuilder private var changes: HTML {
    if inputs.gate.hasSkill, let previous = inputs.previousToCall {
      let now = Set(customers.toCall.compactMap { customers.keys.text($0) })
      let stay = now.intersection(previous).count
      HTML.element("div", ["class": "note"]) {
        paragraph(
          "Since the last list: \(counted(now.count - stay, "customer is", "customers are")) new among those to call, "
            + "\(counted(previous.count - stay, "has", "have")) gone from it, \(counted(stay, "is", "are")) still on it."
        )
      }
    }
  }
}
