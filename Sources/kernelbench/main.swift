import FoundationEssentials
import Glibc
import Learning
import Numerics

// Usage: kernelbench TASK FILE.csv THREADS [HELD-OUT.csv]
// Times one kernel on a table of the generator's and prints a line of JSON. What is timed begins with numbers in
// memory (with `csv`, with the file) and ends with the result in memory; sorting into bins is part of it, as it is
// for the peers. `scripts/bench-learners` runs it in turn with the peers, `scripts/instructions` counts what it does.

struct Complaint: Error, CustomStringConvertible { let description: String }

func run() throws {
  let arguments = Array(CommandLine.arguments.dropFirst())
  guard arguments.count >= 3, let threads = Int(arguments[2]), threads > 0 else {
    throw Complaint(description: "kernelbench: give TASK FILE.csv THREADS [HELD-OUT.csv]")
  }
  let table = try Customers.table(arguments[1], threads: threads)
  let heldOut = arguments.count > 3 ? try Customers(Customers.table(arguments[3], threads: threads)) : nil
  let bench = KernelTasks(
    task: arguments[0], path: arguments[1], customers: try Customers(table), heldOut: heldOut,
    crew: Crew(threads: threads))
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys]
  print(String(decoding: try encoder.encode(try bench.measured()), as: UTF8.self))
}

do { try run() } catch {
  FileHandleText.writeError("\(error)\n")
  exit(2)
}
