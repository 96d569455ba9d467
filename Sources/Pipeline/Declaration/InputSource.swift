/// Where an input's name says it comes from.
///
/// `sources.X` is a source's file. `champion.X` is the artifact X of the alias `champion`, only in a
/// profile that lists X under "champion". `previous.X` is the version of X that was current before
/// this run's was first made. Any other name is an artifact of a stage.
package enum InputSource: Sendable, Equatable {
  case source(String)
  case stage(String)
  case champion(String)
  case previous(String)

  /// The artifact whose maker must have ended before this input is known.
  package var awaited: String? {
    switch self {
    case .stage(let name), .previous(let name): name
    case .source, .champion: nil
    }
  }

  /// What `name` means.
  package init(_ name: String) {
    func rest(_ prefix: String) -> String? {
      name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : nil
    }
    if let source = rest("sources.") {
      self = .source(source)
    } else if let artifact = rest("champion.") {
      self = .champion(artifact)
    } else if let artifact = rest("previous.") {
      self = .previous(artifact)
    } else {
      self = .stage(name)
    }
  }
}
