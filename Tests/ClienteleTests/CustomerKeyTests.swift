import Clientele
import Testing

@Test func `a key of one column is its text unchanged`() {
  #expect(CustomerKey.join(["a|b\\c"]) == "a|b\\c")
}

@Test func `a key of several columns joins them with a bar and escapes`() {
  #expect(CustomerKey.join(["183012", "Rybinsk"]) == "183012|Rybinsk")
  #expect(CustomerKey.join(["a|b", "c\\"]) == "a\\|b|c\\\\")
  #expect(CustomerKey.split("a\\|b|c\\\\", count: 2) == ["a|b", "c\\"])
  #expect(CustomerKey.split("a|b|c", count: 2) == nil)
}

@Test func `a customer's fold does not depend on anything but the key`() {
  let dealing = FoldAssignment(seed: 7, count: 5)
  #expect(dealing.fold(of: "15634602".utf8) == dealing.fold(of: Array("15634602".utf8)))
  #expect(Set((0..<1000).map { dealing.fold(of: String($0).utf8) }) == [0, 1, 2, 3, 4])
}

@Test func `five folds up to fifty thousand labelled rows, three up to two hundred thousand, then two`() {
  #expect(FoldAssignment.automaticCount(labelledRows: 50_000) == 5)
  #expect(FoldAssignment.automaticCount(labelledRows: 50_001) == 3)
  #expect(FoldAssignment.automaticCount(labelledRows: 200_000) == 3)
  #expect(FoldAssignment.automaticCount(labelledRows: 200_001) == 2)
}
