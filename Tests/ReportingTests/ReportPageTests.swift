import Fingerprints
import Testing

@testable import Markup
@testable import Reporting

/// The texts that stand between `open` and `close`, in order.
private func all(_ text: String, _ open: String, _ close: String) -> [Substring] {
  var found: [Substring] = []
  for part in text.split(separator: open, omittingEmptySubsequences: false).dropFirst() {
    if let inside = part.split(separator: close, maxSplits: 1, omittingEmptySubsequences: false).first {
      found.append(inside)
    }
  }
  return found
}

private let hostile = [
  "</script><img src=x onerror=alert(1)>", "=cmd()|' /C calc'!A0", "\"><svg onload=alert(1)>", "<!--<script>",
  "a&b",
]

@Test func `the page asks no network for anything`() throws {
  let page = try MadeFindings().text()
  #expect(!page.contains("http://") && !page.contains("https://"))
  for attribute in [
    "src=", "@import", "url(", "<link", "<iframe", "<object", "fetch(", "XMLHttpRequest", "innerHTML",
  ] {
    #expect(!page.contains(attribute))
  }
  for target in all(page, "href=\"", "\"") { #expect(target.hasPrefix("#")) }
}

@Test func `the policy holds the digests of the very script and sheet in the page`() throws {
  let page = try MadeFindings().text()
  let style = try #require(all(page, "<style>", "</style>").first)
  let script = try #require(all(page, "<script>", "</script>").first)
  for (name, body) in [("style-src", style), ("script-src", script)] {
    let digest = ContentPolicy.base64(Digest(of: Array(body.utf8)).bytes)
    #expect(page.contains("\(name) &#39;sha256-\(digest)&#39;"))
  }
  #expect(page.contains("default-src &#39;none&#39;"))
  #expect(all(page, "<script", ">").count == 2)
  #expect(!page.contains("style=\""))
}

@Test func `base 64 is that of RFC 4648`() {
  let pairs = [
    ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("foobar", "Zm9vYmFy"),
  ]
  for (plain, coded) in pairs { #expect(ContentPolicy.base64(Array(plain.utf8)) == coded) }
}

@Test(arguments: [true, false], [true, false])
func `the page can be heard: one heading, described drawings, scoped headers, unique ids`(
  _ hasSkill: Bool, _ hasLabels: Bool
) throws {
  let page = try MadeFindings(hasSkill: hasSkill, hasLabels: hasLabels).text()
  #expect(all(page, "<h1", "</h1>").count == 1)
  let drawings = all(page, "<svg ", "</svg>")
  #expect(drawings.count > 3)
  for drawing in drawings {
    #expect(drawing.contains("role=\"img\""))
    #expect(all(String(drawing), "<title id=", "</title>").count == 1)
    let finding = try #require(all(String(drawing), "<desc id=", "</desc>").first)
    #expect(finding.count > 20)
  }
  for header in all(page, "<th ", ">") { #expect(header.contains("scope=\"")) }
  #expect(!page.contains("<th>"))
  let ids = all(page, " id=\"", "\"")
  #expect(Set(ids).count == ids.count)
  for target in all(page, "href=\"#", "\"") { #expect(ids.contains(target)) }
  #expect(page.contains("<html lang=\"en\">"))
}

@Test func `numbers that are not there are never printed as such`() throws {
  for findings in [MadeFindings(), MadeFindings(customers: 3, hasLabels: false), MadeFindings(customers: 0)] {
    let page = try findings.text()
    let body = try #require(page.split(separator: "</head>", maxSplits: 1).last)
    let written = body.split(separator: "<script>", maxSplits: 1)[0]
    for word in [">nan", " nan", "\"nan", ">inf", " inf ", ":nan", "-inf"] {
      #expect(!written.contains(word))
    }
  }
}

@Test func `the same findings give the same bytes, whatever the threads`() throws {
  let findings = MadeFindings(customers: 3000)
  #expect(try findings.page() == findings.page(threads: 4))
}

@Test func `ten thousand customers fit into a page that can be mailed`() throws {
  let page = try MadeFindings(customers: 10_000).page()
  #expect(page.count < 1_500_000)
  #expect("\(PageScript.text)".utf8.count < 25_000)
}

@Test func `the page's script declares no function twice`() {
  // The later one would silently take the place of the earlier.
  let names = "\(PageScript.text)".split(separator: "\n").compactMap { line -> Substring? in
    let words = line.drop { $0 == " " }
    guard words.hasPrefix("function ") else { return nil }
    return words.dropFirst(9).prefix { $0 != "(" }
  }
  #expect(names.count > 20)
  #expect(Set(names).count == names.count)
}

@Test(arguments: hostile)
func `what a customer is called stays text`(_ value: String) throws {
  var findings = MadeFindings(firstKeys: [value], firstDriver: "Surname " + value)
  findings.segmentName = value
  let page = try findings.text()
  let tame = try MadeFindings(firstKeys: ["12345"], firstDriver: "Surname x").text()
  for tag in ["<script", "</script", "<img", "<svg", "<!--", "onerror=\"", "onload=\""] {
    #expect(all(page, tag, ">").count == all(tame, tag, ">").count, "\(tag)")
  }
  let data = try #require(all(page, "id=\"customers\">", "</script>").first)
  #expect(!data.contains("<"))
  #expect(data.hasSuffix("}"))
}

@Test func `rejected values are not shown`() throws {
  let page = try MadeFindings().text()
  #expect(!page.contains("secret-value") && !page.contains("secret-row"))
  #expect(page.contains("customers.csv:77:23"))
}

@Test func `without skill the page says so first and names nobody`() throws {
  let page = try MadeFindings(firstKeys: ["KEY-OF-SOMEBODY"], hasSkill: false).text()
  let body = try #require(page.split(separator: "<body>", maxSplits: 1).last)
  let first = try #require(all(String(body), "<p class=\"lead\">", "</p>").first)
  #expect(first.hasPrefix("Call nobody"))
  let before = try #require(body.split(separator: "<p class=\"lead\">", maxSplits: 1).first)
  #expect(!before.contains("<h1"))
  #expect(!page.contains("KEY-OF-SOMEBODY"))
  #expect(!page.contains("id=\"customers\">"))
  #expect(page.contains("Failed: "))
}

@Test func `the sentence says whom, how many, what for, and what is assumed`() throws {
  let findings = MadeFindings()
  let page = try findings.text()
  let sentence = try #require(all(page, "<p class=\"lead\">", "</p>").first)
  for word in ["Call ", " customers", "keep about", "EUR net", "cost of"] { #expect(sentence.contains(word)) }
  let rests = try #require(all(page, "<p class=\"rests\">", "</p>").first)
  for symbol in ["γ = 25 %", "ψ = 50 %", "w = 1 %"] {
    #expect(rests.contains("\(symbol) <span class=\"assumed\">assumed</span>"))
  }
  #expect(page.contains("as of the snapshot</h1>"))
}

@Test func `a list without labels is not as of a snapshot, and unmeasured quality is said`() throws {
  let page = try MadeFindings(hasLabels: false).text()
  #expect(!page.contains("as of the snapshot"))
  #expect(page.contains("There are no labels in this file"))
}

@Test func `the first fifty stand in the page itself, the others in its data`() throws {
  let page = try MadeFindings(customers: 200).text()
  #expect(all(page, "<th scope=\"row\" role=\"rowheader\">", "</th>").count == 50)
  let data = try #require(all(page, "\"key\":[", "]").first)
  #expect(data.split(separator: ",").count == 200)
  let few = try MadeFindings(customers: 200, embedRows: 60).text()
  #expect(try #require(all(few, "\"key\":[", "]").first).split(separator: ",").count == 60)
  #expect(few.contains("The first 60 of 200 customers are on this page; all stand in ranking.csv."))
  let none = try MadeFindings(customers: 200, embedRows: 0).text()
  #expect(all(none, "<th scope=\"row\" role=\"rowheader\">", "</th>").count == 50)
  #expect(!none.contains("id=\"find\""))
}

@Test func `where the money comes from adds up to the sentence`() throws {
  let findings = MadeFindings(customers: 2000)
  let page = try findings.text()
  let table = try #require(
    all(page, "<caption class=\"unseen\">Where the net value comes from", "</table>").first)
  let total = try #require(
    all(String(table), "<th scope=\"row\">Net value</th><td class=\"n\"></td><td class=\"n\">", "<").first)
  #expect(try #require(all(page, "<p class=\"lead\">", "</p>").first).contains("\(total) net"))
}

@Test func `a budget is said and those beyond it are told why`() throws {
  let page = try MadeFindings(customers: 2000, budget: 500).text()
  #expect(page.contains("budget 500 EUR"))
  #expect(page.contains("No: the budget is spent"))
}

@Test func `what changed since the last list is counted`() throws {
  #expect(try MadeFindings().text().contains("7 customers are new among those to call"))
  #expect(!(try MadeFindings(previousIsGiven: false).text().contains("Since the last list")))
}

@Test func `protected attributes used are named, and the proposed rule is ready to paste`() throws {
  let page = try MadeFindings().text()
  #expect(page.contains("The model uses Age and Gender, declared protected attributes"))
  #expect(page.contains("&quot;structuralZero&quot;: { &quot;where&quot;"))
  #expect(page.contains("switched off until you turn it on"))
}

@Test func `the scorecard can be added up from the page, and other folds' cards are there`() throws {
  let page = try MadeFindings().text()
  #expect(
    page.contains("at 600 points 50 customers stay for each who leaves, and 20 points more double that"))
  #expect(page.contains("above 35.5") && page.contains("288") && page.contains("Points, card of fold 1"))
  #expect(page.contains("&lt;France&gt;, Spain") && !page.contains("<France>"))
  #expect(page.contains("tells too little by itself") && page.contains("a good deal"))
  // A coefficient of .76 doubles the odds, and a little more.
  #expect(page.contains("2.14") && page.contains("2.03 to 2.25"))
}

@Test func `a risk is shown with its range, where there is one`() throws {
  let page = try MadeFindings().text()
  #expect(all(page, "<small> ", "</small>").count == 50)
  #expect(page.contains("the range it may lie in"))
  let low = try #require(all(page, "\"low\":[", "]").first)
  #expect(low.split(separator: ",").count == 200)
  #expect(try #require(all(page, "\"high\":[", "]").first).contains("null"))
}

@Test func `figures to compare models by say what they say`() throws {
  let page = try MadeFindings().text()
  #expect(page.contains("(EMPC)") && page.contains("7.123") && page.contains("beta 6, 14"))
  #expect(page.contains("off by about 0.8 percentage points"))
  #expect(page.contains("Log-loss: miscalibration") && page.contains("0.0041"))
  #expect(!(try MadeFindings(hasLabels: false).text()).contains("(EMPC)"))
}
