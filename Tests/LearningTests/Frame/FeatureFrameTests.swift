import Learning
import Testing

struct FeatureFrameTests {
  private let frame = FeatureFrame(
    rows: 3, columns: [.numeric([1, .infinity, 3]), .categorical(codes: [0, -1, 1], levels: 2)])

  @Test func `rows are taken in the order asked for, repeats too`() {
    let taken = frame.taking([2, 0, 2])
    #expect(
      taken
        == FeatureFrame(
          rows: 3, columns: [.numeric([3, 1, 3]), .categorical(codes: [1, 0, 1], levels: 2)]))
    #expect(frame.taking([]).rows == 0)
  }

  @Test func `appended rows come last and levels are the wider of both`() {
    let other = FeatureFrame(rows: 1, columns: [.numeric([9]), .categorical(codes: [4], levels: 5)])
    let joined = frame.appending(other)
    #expect(joined.rows == 4)
    #expect(
      joined.columns
        == [.numeric([1, .infinity, 3, 9]), .categorical(codes: [0, -1, 1, 4], levels: 5)])
  }
}
