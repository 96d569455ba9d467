import ArgumentParser
import Assembly
import FoundationEssentials
import Pipeline

/// On how many threads a command works.
struct ThreadOptions: ParsableArguments {
  @Option(help: "Threads to use; results never depend on it.")
  var threads: Int = RunRequest.availableThreads

  func validate() throws { try ThreadOptions.check(threads) }

  /// Refuses a number that is none of threads.
  static func check(_ threads: Int) throws {
    guard threads >= 1, threads <= 1024 else { throw ValidationError("--threads takes 1 to 1024") }
  }
}

/// Where the project lies: on every command.
struct ProjectOptions: ParsableArguments {
  @Option(
    name: [.customShort("C"), .customLong("directory")],
    help: ArgumentHelp("Act as if started in DIR.", valueName: "DIR"))
  var directory = "."

  /// The stages built in.
  static let registry = StageRegistry(Assembly.stages, codeDigests: Assembly.codeDigests)

  /// The folder as an absolute path; ends with 2 where there is none.
  func folder() throws -> String {
    let url = URL(filePath: directory).standardizedFileURL
    var isFolder = false
    guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder), isFolder else {
      throw CommandEnd(2, "there is no folder \"\(directory)\"; give one that holds a pipeline.json with -C")
    }
    return url.path
  }

  /// The project of the folder; ends with 2 and all mistakes of its files where it has any.
  func project(_ overrides: [String] = []) throws -> Project {
    let folder = try folder()
    guard FileManager.default.fileExists(atPath: folder + "/pipeline.json") else {
      throw CommandEnd(
        2,
        "there is no pipeline.json in \"\(directory)\"; make a project with: holdfast init DIR --data FILE.csv"
      )
    }
    do {
      return try Project.load(folder: folder, registry: ProjectOptions.registry, overrides: overrides)
    } catch {
      throw CommandEnd(2, error.description)
    }
  }
}

/// Turns a fault of the pipeline into the command's end.
func ending<Result>(_ body: () throws -> Result) throws -> Result {
  do { return try body() } catch let error as PipelineError {
    throw CommandEnd(error.exitCode, error.description)
  } catch let error as DeclarationErrors {
    throw CommandEnd(2, error.description)
  }
}
