import ArgumentParser
import Fingerprints
import Pipeline
import Staging

struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Say of each stage whether it is current, and if not, why.")

  @Option(help: "The profile of pipeline.json.")
  var profile = "default"
  @Flag(help: "JSON on standard output.")
  var json = false
  @OptionGroup var options: ProjectOptions

  func run() throws {
    let project = try options.project()
    let forecasts = try ending { try Forecaster(project).forecast(profile: profile) }
    if json {
      Console.say(JSONText.line(["profile": .string(profile), "stages": .list(forecasts.map(\.json))]))
    } else {
      Forecasts.say(forecasts)
    }
  }
}

/// What would become of stages, a line each.
enum Forecasts {
  static func say(_ forecasts: [StageForecast]) {
    let width = forecasts.map(\.stage.count).max() ?? 8
    for forecast in forecasts {
      let time = forecast.secondsBefore.map { "  (took \($0.fixed(2)) s)" } ?? ""
      let isIdle = forecast.prospect == .current || forecast.prospect == .restored
      Console.say(
        "  \(forecast.stage.padded(width))  \(word(forecast.prospect).padded(14))  \(forecast.reason)\(isIdle ? "" : time)"
      )
      for check in forecast.checks where !check.passed && check.severity == .warn {
        Console.say("  \("".padded(width))  check: \(check.message)")
      }
    }
  }

  private static func word(_ prospect: StageForecast.Prospect) -> String {
    switch prospect {
    case .current: "current"
    case .restored: "restorable"
    case .certain: "stale"
    case .possible: "maybe stale"
    case .never: "never ran"
    case .skipped: "skipped"
    case .blocked: "blocked"
    }
  }
}

extension RunCommand {
  /// `--dry-run`: what would run, and why.
  func printForecast(_ project: Project, _ request: RunRequest) throws {
    let forecasts = try ending {
      try Forecaster(project).forecast(profile: request.profile, selection: request.selection)
    }
    if json {
      for forecast in forecasts {
        var members = forecast.json.members ?? [:]
        members["event"] = "forecast"
        Console.say(JSONText.line(.object(members)))
      }
    } else {
      Forecasts.say(forecasts)
    }
  }
}
