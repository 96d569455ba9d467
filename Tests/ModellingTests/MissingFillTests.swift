import Clientele
import Learning
import Modelling
import Testing

struct MissingFillTests {
  private func encoding(_ policy: MissingPolicy) -> FeatureEncoding {
    FeatureEncoding(columns: [
      .init(name: "x", kind: .number, isProtected: false, group: "x", missingPolicy: policy),
      .init(
        name: "g", kind: .category(levels: ["a", "b"]), isProtected: false, group: "g", missingPolicy: policy),
    ])
  }
  private let frame = FeatureFrame(
    rows: 7,
    columns: [
      .numeric([1, 2, 3, 10, 20, .nan, .nan]),
      .categorical(codes: [0, 0, 0, 1, 1, 1, -1], levels: 2),
    ])
  private let training: [Int32] = [0, 1, 2, 3]

  private func filled(_ policy: MissingPolicy) -> FeatureFrame {
    MissingFill.learn(frame, encoding(policy), grouping: [1], training: training).apply(frame)
  }

  @Test func `keep changes nothing`() {
    let fill = MissingFill.learn(frame, encoding(.keep), grouping: [], training: training)
    #expect(fill.apply(frame).columns.count == 2)
    #expect(fill.groups(encoding(.keep)) == ["x", "g"])
  }

  @Test func `the median and the usual category of training rows are put in, with marks`() {
    let fill = MissingFill.learn(frame, encoding(.median), grouping: [], training: training)
    #expect(
      fill.apply(frame).columns == [
        .numeric([1, 2, 3, 10, 20, 2.5, 2.5]), .categorical(codes: [0, 0, 0, 1, 1, 1, 0], levels: 2),
        .numeric([0, 0, 0, 0, 0, 1, 1]), .numeric([0, 0, 0, 0, 0, 0, 1]),
      ])
    #expect(fill.groups(encoding(.median)) == ["x", "g", "x", "g"])
  }

  @Test func `a group's median is put in where the group is known`() {
    #expect(filled(.group).columns[0] == .numeric([1, 2, 3, 10, 20, 10, 2.5]))
  }

  @Test func `groups of several columns are told apart, and an unknown one gets the median of all`() {
    let wide = FeatureFrame(
      rows: 6,
      columns: [
        .numeric([1, 3, 8, .nan, .nan, .nan]), .categorical(codes: [0, 0, 0, 0, 0, 1], levels: 2),
        .numeric([1, 1, 2, 1, 2, 1]),
      ])
    var columns = encoding(.group).columns
    columns.append(.init(name: "n", kind: .number, isProtected: false, group: "n", missingPolicy: .keep))
    let fill = MissingFill.learn(
      wide, FeatureEncoding(columns: columns), grouping: [1, 2], training: [0, 1, 2])
    #expect(fill.apply(wide).columns[0] == .numeric([1, 3, 8, 2, 8, 3]))
  }

  @Test func `zero is put in for numbers and categories stay missing`() {
    let filled = filled(.zero)
    #expect(filled.columns[0] == .numeric([1, 2, 3, 10, 20, 0, 0]))
    #expect(filled.columns[1] == frame.columns[1])
    #expect(filled.columns.count == 3)
  }

  @Test func `nothing known gives a zero and no category`() {
    let empty = FeatureFrame(
      rows: 1, columns: [.numeric([.nan]), .categorical(codes: [-1], levels: 2)])
    let fill = MissingFill.learn(empty, encoding(.median), grouping: [], training: [0])
    #expect(fill.rules == [.number(0, columns: [], groups: []), .category(-1)])
  }
}
