import Fingerprints
import FoundationEssentials
import Testing

@Test func `a scorecard scores where it is asked for, and shows itself to be added up`() throws {
  let place = try Workplace.sample(1500)
  let run = try Holdfast.run(["run", "--set", "train.learners=[\"scorecard\"]"], in: place.path)
  #expect(run.code == 0, "\(run.errors)")
  let model = try JSONParser.parse(Array(place.read("artifacts/latest/train/model.json").utf8))
  #expect(model["learner"] == "scorecard")
  let fold = try #require(model["folds"]?.elements?.first)
  #expect(fold["predictor"]?["kind"] == "scorecard" && fold["band"]?["lower"] != nil)
  let page = try place.read("artifacts/latest/report/index.html")
  #expect(page.contains("The scorecard") && page.contains("Weight of evidence") && page.contains("(EMPC)"))
  let header = try #require(
    place.read("artifacts/latest/rank/ranking.csv").split(whereSeparator: \.isNewline).first)
  #expect(
    header.hasPrefix("rank,key,probability,value,") && header.hasSuffix(",probabilityLow,probabilityHigh"))
  let scored = try Holdfast.run(["score", "customers.csv", "--json"], in: place.path)
  #expect(scored.code == 0 && scored.objects.count > 1400, "\(scored.errors)")
  for object in scored.objects {
    let low = try #require(object["probabilityLow"]?.double)
    let high = try #require(object["probabilityHigh"]?.double)
    let probability = try #require(object["probability"]?.double)
    #expect(low <= probability && probability <= high)
  }
}

@Test func `columns of nothing, of one value, of no end and of no two alike are no reason to give up`() throws
{
  let place = try Workplace()
  let edges = ["inf", "-inf", "nan", "1e308", "-1e308", "0.5", ""]
  let lines = (0..<400).map { row in
    let age = 18 + row * 37 % 60
    return "\(row),\(age),,7,\(edges[row % 7]),L\(row),\((row * 7919) % 60 < age - 20 ? 1 : 0)"
  }
  try place.write(
    "ugly.csv", (["id,age,nothing,constant,edge,level,left"] + lines).joined(separator: "\n") + "\n")
  let made = try Holdfast.run(["init", ".", "--data", "ugly.csv", "--target", "left"], in: place.path)
  #expect(made.code == 0, "\(made.errors)")
  for learners in ["[\"scorecard\"]", "[\"logistic\"]", "[\"boosting\"]"] {
    let run = try Holdfast.run(["run", "--set", "train.learners=\(learners)"], in: place.path)
    #expect(run.code == 0, "\(learners): \(run.errors)")
    for document in ["train/model.json", "train/training.json", "evaluate/metrics.json"] {
      let text = try place.read("artifacts/latest/" + document).lowercased()
      #expect(!text.contains(":nan") && !text.contains(",nan") && !text.contains("inf,"))
    }
  }
}

@Test func `a table too wide for a linear model says so, and one learner less is trained`() throws {
  let place = try Workplace()
  let header = ["id"] + (0..<5000).map { "x\($0)" } + ["left"]
  let lines = (0..<120).map { row in
    ([String(row)] + (0..<5000).map { String((row * 31 + $0 * 17) % 97) } + [row % 3 == 0 ? "1" : "0"])
      .joined(separator: ",")
  }
  try place.write("wide.csv", ([header.joined(separator: ",")] + lines).joined(separator: "\n") + "\n")
  let made = try Holdfast.run(["init", ".", "--data", "wide.csv", "--target", "left"], in: place.path)
  #expect(made.code == 0, "\(made.errors)")
  func train(_ learners: String) throws -> Ended {
    try Holdfast.run(["run", "train", "--set", "train.learners=\(learners)"], in: place.path)
  }
  let alone = try train("[\"logistic\"]")
  #expect(alone.code == 3 && alone.errors.contains("leave columns out"), "\(alone.errors)")
  let beside = try train("[\"scorecard\",\"logistic\"]")
  #expect(beside.code == 0, "\(beside.errors)")
  #expect(try place.read("artifacts/latest/train/training.json").contains("logistic was left out"))
}
