import Foundation
import PackagePlugin

/// Generates `CodeDigests.swift` for Assembly: for each room on the second floor, a digest over its
/// sources and those of every local module below it, so that a stage's key changes when code that
/// could change its results does, and only then.
@main
struct CodeDigestPlugin: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: Target) async throws -> [Command] {
    let tool = try context.tool(named: "codedigest")
    let output = context.pluginWorkDirectoryURL.appending(path: "CodeDigests.swift")
    var arguments = [output.path]
    var inputs: Set<URL> = []
    // Versions of the packages the rooms are linked with are part of their code.
    for dependency in context.package.dependencies.sorted(by: { $0.package.id < $1.package.id }) {
      if case .repository(_, let version, _) = dependency.package.origin {
        arguments += ["--package", "\(dependency.package.id) \(version)"]
      }
    }
    for case .target(let room) in target.dependencies {
      guard let room = room as? SourceModuleTarget else { continue }
      arguments += ["--room", room.name]
      let below = room.recursiveTargetDependencies.compactMap { $0 as? SourceModuleTarget }
        .filter { module in context.package.targets.contains { $0.id == module.id } }
      for module in ([room] + below).sorted(by: { $0.name < $1.name }) {
        arguments += ["--module", module.name, module.directoryURL.path]
        for file in module.sourceFiles { inputs.insert(file.url) }
      }
    }
    return [
      .buildCommand(
        displayName: "Digesting the rooms' sources", executable: tool.url, arguments: arguments,
        inputFiles: inputs.sorted { $0.path < $1.path }, outputFiles: [output])
    ]
  }
}
