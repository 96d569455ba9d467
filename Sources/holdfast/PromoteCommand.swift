import ArgumentParser
import Pipeline

struct PromoteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "promote", abstract: "Let a run's model be the champion from now on.",
    discussion: """
      holdfast promote r12 --reason "better calibrated, validated"

      Nothing else moves the champion but a project's very first whole run. The decision is recorded with its
      reason; so is a refusal. Exit code 2: there is no such run, it did not succeed or its files are not
      whole. Exit code 4: a check stopped it, a check of the model did not hold or the newest sign-off of a
      role rejects it; --override promotes it all the same and records what was overridden.
      """)

  @Argument(help: ArgumentHelp("The run, as `holdfast log` names it.", valueName: "RUN"))
  var name: String
  @Option(help: "Why; needed with --override.")
  var reason: String = ""
  @Option(name: .customLong("as"), help: "The alias to move.")
  var alias = Governor.champion
  @Option(help: "Who decides; the user where not given.")
  var by: String?
  @Flag(help: "Promote against failed checks and rejections.")
  var override = false
  @OptionGroup var options: ProjectOptions

  func validate() throws {
    if override, reason.isEmpty {
      throw ValidationError("--override needs a reason: --reason \"why the check does not count here\"")
    }
  }

  func run() throws {
    let project = try options.project()
    let outcome = try ending {
      try Governor(folder: project.folder).promote(
        name, of: project, as: alias, by: by, reason: reason, overriding: override)
    }
    switch outcome {
    case .success(let overridden):
      for ground in overridden { Console.complain("overridden: \(ground)") }
      Console.say("\(alias) is now of run \(name)")
    case .failure(let refusal):
      throw CommandEnd(
        refusal.canBeOverridden ? 4 : 2,
        "not promoted: \(refusal.grounds.joined(separator: "; and "))\(remedy(refusal)); the refusal is recorded"
      )
    }
  }

  private func remedy(_ refusal: Governor.Refusal) -> String {
    refusal.canBeOverridden
      ? "; --override --reason TEXT promotes it all the same" : "; `holdfast log` lists the runs"
  }
}
