import FoundationEssentials
import Glibc

@testable import Catalog

/// A folder that goes with the test.
final class TemporaryFolder {
  let path: String
  init() {
    path = FileManager.default.temporaryDirectory.path + "/holdfast-catalog-" + UUID().uuidString
    unsafe mkdir(path, 0o755)
  }
  deinit {
    Disk.removeTree(path)
  }
  func file(_ name: String, _ text: String) throws -> String {
    try Data(text.utf8).write(to: URL(filePath: path + "/" + name))
    return path + "/" + name
  }
}
