import Pipeline
import Testing

@Test func `a run with nothing to do costs little`() throws {
  let project = try TemporaryProject()
  let loaded = try project.load()
  for _ in 0..<3 { Runner(loaded, RunRequest(threads: 2), observer: Recorder()).run() }
  var best = Duration.seconds(10)
  for _ in 0..<5 {
    let start = ContinuousClock.now
    let end = Runner(try project.load(), RunRequest(threads: 2), observer: Recorder()).run()
    best = min(best, ContinuousClock.now - start)
    #expect(end.counts == [.reused: 5])
  }
  print("a run of five stages with nothing to do: \(best)")
  // Forty times what it takes on a quiet machine, so that only a change of kind fails.
  #expect(best < .milliseconds(400))
}
