/// Numbers as people read them, the same on every machine: thousands apart by commas, a decimal point,
/// a true minus sign; "–" for what is not a number.
package enum NumberText {
  /// Stands for a number that is not there.
  package static let nothing = "–"

  /// A count: 12,345.
  package static func count(_ number: Int) -> String {
    (number < 0 ? "−" : "") + grouped(String(number.magnitude))
  }

  /// A number with `places` decimals (0 to 9), halves away from zero: 1,234.50.
  package static func decimals(_ number: Double, _ places: Int) -> String {
    guard number.isFinite, abs(number) < 1e15 else { return far(number) }
    let places = min(9, max(0, places))
    var scale: UInt64 = 1
    for _ in 0..<places { scale *= 10 }
    let scaled = (abs(number) * Double(scale)).rounded()
    guard scaled < 9e15 else { return far(number) }
    let digits = UInt64(scaled)
    let sign = number < 0 && digits != 0 ? "−" : ""
    let whole = sign + grouped(String(digits / scale))
    guard places > 0 else { return whole }
    let fraction = String(digits % scale)
    return whole + "." + String(repeating: "0", count: places - fraction.count) + fraction
  }

  /// A number to `digits` significant digits, trailing zeros kept off: 0.00123, 12,300.
  package static func significant(_ number: Double, _ digits: Int) -> String {
    guard number.isFinite, number != 0 else { return number == 0 ? "0" : nothing }
    let exponent = decimalExponent(number)
    let places = digits - 1 - exponent
    if places > 9 { return "< 0.000001" }
    if places >= 0 { return trimmed(decimals(number, places)) }
    var unit = 1.0
    for _ in 0..<(-places) { unit *= 10 }
    return decimals((number / unit).rounded() * unit, 0)
  }

  /// A share as per cent: 23.5 %.
  package static func percent(_ share: Double, _ places: Int = 1) -> String {
    share.isFinite ? decimals(100 * share, places) + " %" : nothing
  }

  /// A sum of money to the whole unit from 100 on, to cents below, with the money's name where there is one.
  package static func money(_ amount: Double, _ currency: String? = nil) -> String {
    let text = decimals(amount, abs(amount) >= 99.995 || amount == amount.rounded() ? 0 : 2)
    return text == nothing ? text : text + (currency.map { " " + $0 } ?? "")
  }

  /// Short, for an axis: 1.2k, 3M, 0.25.
  package static func short(_ number: Double) -> String {
    let size = abs(number)
    if size >= 999_999.5e3 { return significant(number / 1e9, 3) + "bn" }
    if size >= 999_999.5 { return significant(number / 1e6, 3) + "M" }
    if size >= 9_999.5 { return significant(number / 1e3, 3) + "k" }
    return significant(number, 3)
  }

  /// The power of ten of the first digit of `number`, which is finite and not 0.
  static func decimalExponent(_ number: Double) -> Int {
    var size = abs(number)
    var exponent = 0
    while size >= 10 {
      size /= 10
      exponent += 1
    }
    while size < 1 {
      size *= 10
      exponent -= 1
    }
    return exponent
  }

  private static func far(_ number: Double) -> String {
    number.isFinite ? "\(number)" : nothing
  }

  private static func grouped(_ digits: String) -> String {
    var text = ""
    for (place, digit) in digits.enumerated() {
      if place > 0, (digits.count - place) % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return text
  }

  private static func trimmed(_ text: String) -> String {
    guard text.contains(".") else { return text }
    var text = text
    while text.last == "0" { text.removeLast() }
    if text.last == "." { text.removeLast() }
    return text
  }
}
