package import Fingerprints
import FoundationEssentials

/// Where a project's files say what a parameter is today.
package struct DeclaredPlaces: Sendable {
  private let folder: String

  /// The places in the files of the project in `folder`.
  package init(folder: String) { self.folder = folder }

  /// `pipeline.json:41` for the place that gives a stage's parameter this value under a profile; `nil` where
  /// no file says so: it was set on the command line, or is otherwise by now.
  package func place(stage: String, parameter: String, profile: String, value: JSONValue) -> String? {
    let candidates = [
      ("pipeline.json", "/profiles/\(profile)/parameters/\(stage)/\(parameter)"),
      ("pipeline.json", "/parameters/\(stage)/\(parameter)"),
      (StageFile.path(stage), "/parameters/\(parameter)/default"),
    ]
    for (file, path) in candidates {
      guard let data = try? Data(contentsOf: URL(filePath: folder + "/" + file)),
        data.count <= DeclarationFile.sizeLimit,
        case let bytes = Array(data),
        let (root, positions) = try? JSONParser.parseWithPositions(bytes),
        let place = positions.places[path]
      else { continue }
      let found = path.split(separator: "/").reduce(root as JSONValue?) { $0?[String($1)] }
      // What stands nearest counts; where it says something else, nothing further away does.
      guard found == value else { return nil }
      let line = bytes[..<place.value.lowerBound].reduce(1) { $0 + ($1 == UInt8(ascii: "\n") ? 1 : 0) }
      return "\(file):\(line)"
    }
    return nil
  }
}
