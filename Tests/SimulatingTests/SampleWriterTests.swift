import Numerics
import Simulating
import Testing

private func files(_ customers: Int, seed: UInt64) -> (file: [UInt8], truth: [UInt8]) {
  var file: [UInt8] = []
  var truth: [UInt8] = []
  SampleWriter(customers: customers, seed: seed).write {
    file += $0
    truth += $1
  }
  return (file, truth)
}

private let many = (1...40_000).map { SampleCustomer(number: $0, seed: 1) }

@Test func `the same number and seed give the same bytes, another seed others`() {
  let once = files(5000, seed: 3)
  let again = files(5000, seed: 3)
  #expect(once.file == again.file)
  #expect(once.truth == again.truth)
  #expect(files(5000, seed: 4).file != once.file)
}

@Test func `a longer file begins with the shorter one`() {
  let short = files(100, seed: 3).file
  #expect(files(5000, seed: 3).file.starts(with: short))
}

@Test func `about one in five leaves, as often as the truth says`() {
  let left = many.filter(\.hasLeft).count
  let expected = many.reduce(0) { $0 + $1.churnProbability }
  #expect((0.17...0.23).contains(Double(left) / Double(many.count)))
  let deviation = many.reduce(0) { $0 + $1.churnProbability * (1 - $1.churnProbability) }.squareRoot()
  #expect(abs(Double(left) - expected) < 4 * deviation)
}

@Test func `the truth is neither trivial nor hopeless`() {
  // Bayes log-loss and the probability that a leaver is more likely to leave than a stayer.
  let order = many.indices.sorted { many[$0].churnProbability < many[$1].churnProbability }
  var stayers = 0.0
  var pairs = 0.0
  for place in order {
    if many[place].hasLeft { pairs += stayers } else { stayers += 1 }
  }
  let area = pairs / (stayers * (Double(many.count) - stayers))
  #expect((0.85...0.89).contains(area), "Bayes AUC \(area)")
}

@Test func `both kinds of missing balance are there, and blemishes at their rate`() {
  let states = Dictionary(grouping: many, by: \.balanceState).mapValues(\.count)
  #expect((states["structuralZero"] ?? 0) > many.count / 5)
  #expect((states["unknown"] ?? 0) > many.count / 100)
  for state in many where state.balanceState == "structuralZero" { #expect(state.balanceCents == 0) }
  let blemishes = many.filter { $0.blemish != nil }.count
  #expect((60...190).contains(blemishes))
}

@Test func `no key repeats`() {
  #expect(Set(many.map(\.customerId)).count == many.count)
}

@Test func `for some customers a call does harm`() {
  let harmed = many.filter { $0.effect < 0 }.count
  #expect(harmed > many.count / 50)
  #expect(harmed < many.count / 2)
}
