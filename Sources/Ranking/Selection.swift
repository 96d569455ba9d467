package import Findings

/// Whom to act on under a budget and a number of contacts.
package struct Selection: Sendable, Equatable {
  /// One reason a customer, in the order given.
  package let reasons: [DecisionReason]
  /// Most that any choice within the limits could bring (fractional relaxation); `nil` without a budget.
  package let bound: Double?

  /// Chooses among customers in rank order (`net` falling): all with `net` above zero, within
  /// `budget` (of expected cost) and `capacity` (contacts). Costs matter to a budget only.
  ///
  /// Without a budget the first `capacity` are the best choice. With one, money may be better spent on
  /// cheaper customers: the better of two greedy fillings is taken (by net, and by net per cost), which
  /// falls short of `bound` by at most one customer's net. Ties by rank.
  package static func choose(
    net: [Double], cost: [Double], budget: Double?, capacity: Int?
  ) -> Selection {
    let worth = 0..<(net.firstIndex { !($0 > 0) } ?? net.count)
    var reasons = [DecisionReason](repeating: .belowCost, count: net.count)
    let limit = capacity ?? worth.count
    guard let budget else {
      for customer in worth { reasons[customer] = customer < limit ? .worthIt : .overCapacity }
      return Selection(reasons: reasons, bound: nil)
    }
    // A contact that costs nothing fits any budget and comes first.
    let byRatio = worth.sorted { left, right in
      let first = net[left] * cost[right]
      let second = net[right] * cost[left]
      return first != second ? first > second : left < right
    }
    func fill(_ order: some Sequence<Int>) -> (chosen: [Int], total: Double) {
      var spent = 0.0
      var chosen: [Int] = []
      var total = 0.0
      for customer in order where chosen.count < limit && spent + cost[customer] <= budget {
        spent += cost[customer]
        total += net[customer]
        chosen.append(customer)
      }
      return (chosen, total)
    }
    let byNet = fill(worth)
    let dense = fill(byRatio)
    let chosen = dense.total > byNet.total ? dense.chosen : byNet.chosen
    for customer in worth { reasons[customer] = chosen.count >= limit ? .overCapacity : .overBudget }
    for customer in chosen { reasons[customer] = .worthIt }
    var bound = 0.0
    var left = budget
    for customer in byRatio {
      if cost[customer] <= left {
        bound += net[customer]
        left -= cost[customer]
      } else {
        bound += net[customer] * left / cost[customer]
        break
      }
    }
    // No choice of `limit` customers can bring more than the `limit` largest.
    bound = min(bound, worth.prefix(limit).reduce(0) { $0 + net[$1] })
    return Selection(reasons: reasons, bound: bound)
  }
}
