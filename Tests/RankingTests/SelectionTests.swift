import Findings
import Testing

@testable import Ranking

@Test func `without limits everyone above zero is worth it`() {
  let chosen = Selection.choose(net: [5, 1, 0, -2], cost: [1, 1, 1, 1], budget: nil, capacity: nil)
  #expect(chosen.reasons == [.worthIt, .worthIt, .belowCost, .belowCost])
}

@Test func `capacity takes the first and says why the others wait`() {
  let chosen = Selection.choose(net: [5, 4, 3, -1], cost: [9, 9, 9, 9], budget: nil, capacity: 2)
  #expect(chosen.reasons == [.worthIt, .worthIt, .overCapacity, .belowCost])
}

/// ev = [312, 200, 190, 90, 60], c = [140, 80, 75, 30, 25], B = 180: by net alone 402, by ratio 340,
/// exactly 450; greedy falls short of the bound by less than one customer's net.
@Test func `a budget is spent on the better of two fillings, near the bound`() throws {
  let net = [312.0, 200, 190, 90, 60]
  let chosen = Selection.choose(net: net, cost: [140, 80, 75, 30, 25], budget: 180, capacity: nil)
  let total = zip(net, chosen.reasons).reduce(0.0) { $0 + ($1.1 == .worthIt ? $1.0 : 0) }
  #expect(total == 402)
  let bound = try #require(chosen.bound)
  #expect(bound >= 450)
  #expect(bound - total <= 312)
  #expect(chosen.reasons.contains(.overBudget))
}

@Test func `a budget of nothing acts on nobody`() {
  let chosen = Selection.choose(net: [5, 4], cost: [1, 1], budget: 0, capacity: nil)
  #expect(chosen.reasons == [.overBudget, .overBudget])
}

@Test func `a contact that costs nothing fits a budget of nothing`() {
  #expect(Selection.choose(net: [5], cost: [0], budget: 0, capacity: nil).reasons == [.worthIt])
}
