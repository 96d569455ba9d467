import Findings
import Pipeline
import Tabular

/// The last lines of a good run: where the report is, and the three customers most worth a call.
enum RunEnding {
  static func say(_ project: Project, profile: String) throws {
    guard let reader = try? ArtifactReader(folder: project.folder) else { return }
    if let ranking = try? reader.version("ranking", channel: profile),
      case .table(let table, _) = try reader.preview(ranking, rows: 3)
    {
      try top(table)
    }
    if (try? reader.version("report", channel: profile)) != nil {
      Console.say("report: \(project.folder)/artifacts/latest/report/index.html")
    }
  }

  private static func top(_ table: Table) throws {
    let decisions = try table.categories(RankingColumn.decision)
    let acted = (0..<table.rowCount).filter { decisions.text($0) == "act" }
    guard !acted.isEmpty else {
      let reason = table.rowCount > 0 ? try table.categories(RankingColumn.reason).text(0) : nil
      Console.say(
        reason == DecisionReason.modelHasNoSkill.rawValue
          ? "nobody to call: the model shows no skill on this data"
          : "nobody to call: no customer is worth the cost under these assumptions")
      return
    }
    Console.say("most worth a call:")
    let keys = try table.texts(RankingColumn.key)
    let probabilities = try table.numbers(RankingColumn.probability)
    let values = try table.numbers(RankingColumn.expectedValue)
    let drivers = try table.texts(RankingColumn.drivers)
    for row in acted {
      let words = drivers.text(row).map { "  because of \($0)" } ?? ""
      Console.say(
        "  \(row + 1). \(keys.text(row) ?? "")  leaves with \((probabilities[row] * 100).fixed(0)) %, a call is worth \(values[row].fixed(0))\(words)"
      )
    }
  }
}
