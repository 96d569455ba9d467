import Foundation
import PackagePlugin

/// Generates `SchemaTexts.swift` for the command line from the JSON Schemas of the documentation, so that
/// `show --schema` prints the very text that is documented and tested.
@main
struct SchemaTextPlugin: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: Target) async throws -> [Command] {
    let tool = try context.tool(named: "schematext")
    let output = context.pluginWorkDirectoryURL.appending(path: "SchemaTexts.swift")
    let folder = target.directoryURL.appending(path: "Documentation.docc/Schemas")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    let files = names.filter { $0.hasSuffix(".schema.json") }.sorted().map { folder.appending(path: $0) }
    return [
      .buildCommand(
        displayName: "Taking in the schemas", executable: tool.url,
        arguments: [output.path] + files.map(\.path), inputFiles: files, outputFiles: [output])
    ]
  }
}
