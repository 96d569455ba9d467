import Fingerprints

/// Numbers as they stand in sentences for people.
package enum Wording {
  /// A count with thousands apart: 12,345.
  package static func count(_ number: Int) -> String {
    let digits = String(number.magnitude)
    var text = ""
    for (place, digit) in digits.enumerated() {
      if place > 0, (digits.count - place) % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return number < 0 ? "-" + text : text
  }

  /// A share as per cent with one decimal: 23.5 %.
  package static func percent(_ share: Double) -> String { decimals(100 * share, 1) + " %" }

  /// A number with that many decimals (0 to 6); not finite: "–".
  package static func decimals(_ number: Double, _ places: Int) -> String {
    guard number.isFinite, abs(number) < 1e12 else { return "–" }
    let scale = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000][min(6, max(0, places))]
    let scaled = Int((abs(number) * Double(scale)).rounded())
    let whole = count(scaled / scale)
    let sign = number < 0 && scaled != 0 ? "-" : ""
    guard places > 0 else { return sign + whole }
    let fraction = String(scaled % scale)
    return sign + whole + "." + String(repeating: "0", count: places - fraction.count) + fraction
  }

  /// "1 row", "2 rows".
  package static func count(_ number: Int, _ one: String, _ many: String) -> String {
    "\(count(number)) \(number == 1 ? one : many)"
  }
}

/// `text` as JSON writes it.
func quoted(_ text: String) -> String {
  var bytes: [UInt8] = []
  CanonicalJSON.appendString(text, to: &bytes)
  return String(decoding: bytes, as: UTF8.self)
}
