import FoundationEssentials
import Testing

/// What the project's papers and its checkout say, held against the program.

@Test func `the checkout's own project is what init writes for the sample`() throws {
  let place = try Workplace()
  try FileManager.default.createDirectory(
    atPath: place.path + "/artifacts/sample", withIntermediateDirectories: true)
  let file = "artifacts/sample/customers.csv"
  let sampled = try Holdfast.run(
    ["sample", "--customers", "10000", "--seed", "1", "--output", file], in: place.path)
  #expect(sampled.code == 0, "\(sampled.errors)")
  let made = try Holdfast.run(["init", ".", "--data", file], in: place.path)
  #expect(made.code == 0, "\(made.errors)")
  let root = Holdfast.root.path
  let stages = try FileManager.default.contentsOfDirectory(atPath: place.path + "/stages").sorted()
  #expect(try FileManager.default.contentsOfDirectory(atPath: root + "/stages").sorted() == stages)
  for stage in stages {
    #expect(try Holdfast.text(root + "/stages/" + stage) == place.read("stages/" + stage), "\(stage)")
  }
  // The name of the project is the folder's, and the checkout's is given by hand.
  let lines: (String) -> [Substring] = { text in
    text.split(separator: "\n").filter { !$0.contains("\"name\": ") || $0.contains("\"type\"") }
  }
  let pipeline = try Holdfast.text(root + "/pipeline.json")
  #expect(try lines(pipeline) == lines(place.read("pipeline.json")))
  try place.write("pipeline.json", pipeline)
  let planned = try Holdfast.run(["run", "--dry-run"], in: place.path)
  #expect(planned.code == 0, "\(planned.errors)")
}

@Test func `the README names every command, every stage and every exit code`() throws {
  let readme = try Holdfast.text(Holdfast.root.path + "/README.md")
  let place = try Workplace()
  let help = try Holdfast.run(["--help"], in: place.path)
  let commands = help.output.split(separator: "\n").drop { !$0.hasPrefix("SUBCOMMANDS") }.dropFirst()
    .filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") }
    .compactMap { $0.split(separator: " ").first.map(String.init) }
  #expect(commands.count >= 10, "\(help.output)")
  for command in commands where command != "See" { #expect(readme.contains(command), "\(command)") }
  for stage in ["ingest", "clean", "resample", "train", "score", "evaluate", "segment", "rank", "report"] {
    #expect(readme.contains("| \(stage) |"))
  }
  for code in [
    "0 good", "1 a", "2 usage", "3 a", "4 a", "5 another", "6 integrity", "7 a legal", "130", "143",
  ] {
    #expect(readme.contains(code), "\(code)")
  }
}
