import Testing

@testable import Markup

@Test func `numbers are written for people`() {
  #expect(NumberText.count(1_234_567) == "1,234,567")
  #expect(NumberText.count(-12) == "−12")
  #expect(NumberText.count(.min) == "−9,223,372,036,854,775,808")
  #expect(NumberText.decimals(1234.5, 2) == "1,234.50")
  #expect(NumberText.decimals(-0.004, 2) == "0.00")
  #expect(NumberText.decimals(0.05, 1) == "0.1")
  #expect(NumberText.percent(0.2349) == "23.5 %")
  #expect(NumberText.money(1234.5, "EUR") == "1,235 EUR")
  #expect(NumberText.money(12.5) == "12.50")
  #expect(NumberText.money(12) == "12")
  #expect(NumberText.money(-1234.5) == "−1,235")
}

@Test func `significant digits keep no empty tail`() {
  #expect(NumberText.significant(0.001234, 3) == "0.00123")
  #expect(NumberText.significant(12_345, 3) == "12,300")
  #expect(NumberText.significant(2, 3) == "2")
  #expect(NumberText.significant(0, 3) == "0")
  #expect(NumberText.short(12_500) == "12.5k")
  #expect(NumberText.short(3_000_000) == "3M")
  #expect(NumberText.short(-2.5e9) == "−2.5bn")
  #expect(NumberText.short(999_950) == "1,000k")
}

@Test(arguments: [Double.nan, .infinity, -.infinity])
func `what is not a number is a dash`(_ value: Double) {
  for text in [
    NumberText.decimals(value, 2), NumberText.significant(value, 3), NumberText.percent(value),
    NumberText.money(value, "EUR"), NumberText.short(value),
  ] { #expect(!text.contains("nan") && !text.contains("inf") && text.contains("–")) }
}

@Test func `numbers too large to group are still written`() {
  #expect(NumberText.decimals(1e300, 2) == "1e+300")
  #expect(NumberText.significant(1e-12, 3) == "< 0.000001")
}

@Test func `ticks are round and within the axis`() {
  let axis = Axis([0, 0.93], wanted: 5, from: 0, to: 100)
  #expect(
    axis.ticks.map { NumberText.decimals($0, axis.places) } == ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"])
  #expect(axis.place(0.5) == 50)
  let quarter = Axis([0, 10], wanted: 4, from: 0, to: 100)
  #expect(quarter.ticks == [0, 2.5, 5, 7.5, 10])
  #expect(quarter.places == 1)
  let open = Axis([3, 97], wanted: 5, isWidened: false, from: 0, to: 94)
  #expect(open.ticks == [20, 40, 60, 80])
  #expect(open.place(3) == 0)
}

@Test(
  arguments: [[], [5], [5, 5, 5], [0, 0], [-3], [.nan, .infinity], [1e-300, 2e-300], [-1e14, 1e14]]
    as [[Double]])
func `any numbers make an axis`(_ values: [Double]) {
  let axis = Axis(values, from: 0, to: 100)
  #expect(axis.range.lowerBound < axis.range.upperBound)
  #expect(!axis.ticks.isEmpty)
  #expect(axis.ticks.count < 12)
  for value in values where value.isFinite { #expect((0...100).contains(axis.place(value))) }
}
