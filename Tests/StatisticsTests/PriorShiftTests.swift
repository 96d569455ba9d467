import Testing

@testable import Statistics

struct PriorShiftTests {
  @Test func `a known share moves every probability and the log-odds by one amount`() {
    let moved = PriorShift.adjusted([0.2, 0.5, 0.8], learnt: 0.5, actual: 0.182)
    for (found, expected) in zip(moved, [0.052692530, 0.182, 0.470892627]) {
      #expect((found - expected).magnitude < 1e-9)
    }
    #expect((PriorShift.logitShift(learnt: 0.5, actual: 0.182) - -1.502855650).magnitude < 1e-9)
    #expect(PriorShift.adjusted([0, 0.3, 1], learnt: 0.4, actual: 0.4) == [0, 0.3, 1])
  }

  private let unlabelled = [0.95, 0.9, 0.85, 0.3, 0.2, 0.1, 0.05, 0.05, 0.02, 0.01]

  @Test func `an unknown share is found from probabilities alone`() {
    #expect((PriorShift.estimatedShare(unlabelled, learnt: 0.5) - 0.258520066290).magnitude < 1e-10)
  }

  @Test func `the share found is the one that repeated averaging keeps`() {
    for learnt in [0.1, 0.3, 0.5, 0.7] {
      let share = PriorShift.estimatedShare(unlabelled, learnt: learnt)
      let again = ProbabilityLoss.mean(PriorShift.adjusted(unlabelled, learnt: learnt, actual: share))
      #expect((again - share).magnitude < 1e-12)
    }
  }

  @Test func `certain rows and rows all on one side go to the ends`() {
    #expect((PriorShift.estimatedShare([1, 1, 0], learnt: 0.5) - 2.0 / 3).magnitude < 1e-12)
    #expect(PriorShift.estimatedShare([0.1, 0.2], learnt: 0.5) == 0)
    #expect(PriorShift.estimatedShare([0.9, 0.8], learnt: 0.5) == 1)
    #expect(PriorShift.estimatedShare([], learnt: 0.5).isNaN)
  }
}
