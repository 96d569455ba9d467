import Numerics
import Testing

struct CrewTests {
  private struct Refusal: Error, Equatable { var item: Int }

  @Test(arguments: [1, 2, 4, 9]) func `blocks cover everything once and results keep block order`(
    threads: Int
  ) {
    let crew = Crew(threads: threads)
    let sums = crew.mapBlocks(count: 1003, blockSize: 10) { range, block in
      (block, range.reduce(0, +))
    }
    #expect(sums.map(\.0) == Array(0..<101))
    let total: Int = sums.reduce(0) { $0 + $1.1 }
    #expect(total == 1003 * 1002 / 2)
    #expect(crew.map(5) { "\($0)" } == ["0", "1", "2", "3", "4"])
    #expect(crew.map(0) { $0 } == [])
    var values = (0..<1003).map(Double.init)
    crew.rewrite(&values, blockSize: 64) { range, part in
      for i in 0..<part.count { part[i] += Double(range.lowerBound) }
    }
    let expected: [Double] = (0..<1003).map { (i: Int) -> Double in Double(i + i / 64 * 64) }
    #expect(values == expected)
    var bytes = [UInt8](repeating: 0, count: 3 * 100)
    crew.rewrite(&bytes, width: 3, blockSize: 7) { range, part in
      for i in 0..<part.count { part[i] = UInt8(range.lowerBound + i / 3) }
    }
    #expect(bytes == (0..<300).map { UInt8($0 / 3) })
    crew.rewrite(&values, within: 100..<200, blockSize: 64) { range, part in
      for i in 0..<part.count { part[i] = -Double(range.lowerBound + i) }
    }
    #expect(values[99] == expected[99] && values[200] == expected[200])
    #expect(values[100..<200].elementsEqual((100..<200).map { -Double($0) }))
    crew.rewrite(&bytes, parts: [0..<2, 2..<2, 5..<300]) { number, part in
      for i in 0..<part.count { part[i] = UInt8(number) }
    }
    #expect(bytes[..<6] == [0, 0, 0, 1, 1, 2] && bytes[6...].allSatisfy { $0 == 2 })
  }

  @Test func `pieces of different kinds are all done`() {
    for threads in [1, 2, 5] {
      let (number, word, nothing) = Crew(threads: threads).all({ 3 }, { "three" }, { nil as Double? })
      #expect(number == 3 && word == "three" && nothing == nil)
    }
  }

  @Test func `the lowest failing item is the one reported`() {
    for threads in [1, 3] {
      #expect(throws: Refusal(item: 4)) {
        try Crew(threads: threads).map(20) { item throws(Refusal) in
          if item >= 4 { throw Refusal(item: item) }
          return item
        }
      }
    }
  }

  @Test(arguments: [1, 2, 3, 8]) func `workers share the last items where those are fewer`(threads: Int) {
    let crew = Crew(threads: threads)
    for count in [0, 1, 2, 5, 6, 9] {
      let given = crew.mapSharing(count) { item, crew in (item, crew.threads) }
      #expect(given.map(\.0) == Array(0..<count))
      let alone = count - count % threads
      #expect(given[..<alone].allSatisfy { $0.1 == 1 })
      #expect(given[alone...].allSatisfy { $0.1 == threads / (count % threads) })
    }
    let error = #expect(throws: CrewFault.self) {
      try crew.mapSharing(7) { (item, _) throws(CrewFault) -> Int in
        if item == 3 || item == 6 { throw CrewFault(item: item) }
        return item
      }
    }
    #expect(error?.item == 3)
  }

  @Test(arguments: [1, 2, 5]) func `a gathered crew does what a crew does, part after part`(threads: Int) {
    let sums = Crew(threads: threads).gathered { crew in
      #expect(crew.threads == threads)
      return (0..<300).map { part in
        // Helpers fall asleep between some parts, and the lead waits long for others.
        if part % 100 == 50 { Self.spin(3_000_000) }
        let found = crew.map(part % 7) { item in
          if part % 100 == 99 { Self.spin(item * 1_000_000) }
          return part * item
        }
        var values = [Int](repeating: 0, count: 40)
        crew.rewrite(&values, blockSize: 3) { range, part in
          for place in range { part[place - range.lowerBound] = place }
        }
        // Gathered already: the same crew.
        return crew.gathered { $0.map(2) { $0 } }.reduce(0, +) + found.reduce(0, +) + values.reduce(0, +)
      }
    }
    #expect(sums == (0..<300).map { part in 1 + (0..<part % 7).reduce(0) { $0 + part * $1 } + 780 })
  }

  /// Keeps a processor busy for so many steps.
  private static func spin(_ steps: Int) {
    let generator = CounterGenerator(seed: 1)
    var bits: UInt64 = 0
    for step in 0..<steps / 50 { bits ^= generator.bits(UInt64(step)) }
    #expect(steps == 0 || bits != 1)
  }

  @Test func `fewer than one thread is one`() { #expect(Crew(threads: 0).threads == 1) }
}

private struct CrewFault: Error { var item: Int }
