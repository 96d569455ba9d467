import Fingerprints
import Staging
import Tabular

/// Checks that the stages of a pipeline fit together: every artifact made once, every input brought
/// by something, no circle, and every profile able to run.
struct GraphCheck {
  let reader: PipelineReader
  let stages: [StageDeclaration]
  let nodes: [String: DeclarationNode]
  let registry: StageRegistry
  let complaints: Complaints

  /// Complains about all that does not fit.
  func run() {
    checkProducers()
    for stage in stages {
      for (index, input) in stage.inputs.enumerated() { check(input, index, of: stage) }
    }
    checkCycles()
    checkProfiles()
  }

  /// The place of the input of that number in the stage's own file, which may list them in another order.
  private func node(_ input: InputDeclaration, of stage: StageDeclaration) -> DeclarationNode? {
    guard let list = nodes[stage.id]?.child("inputs"), list.value.elements != nil else { return nil }
    return list.elements().first { $0.value["name"]?.text == input.name }?.child("name") ?? list
  }

  private func producer(of artifact: String) -> StageDeclaration? {
    stages.first { $0.outputs.contains { $0.name == artifact } }
  }

  private func checkProducers() {
    for (index, stage) in stages.enumerated() {
      var files: Set<String> = []
      for output in stage.outputs {
        let place = nodes[stage.id]?.child("outputs")
        if let other = stages[..<index].first(where: { $0.outputs.contains { $0.name == output.name } }) {
          place?.complain(
            .twoProducers, "\"\(output.name)\" is made by stage \"\(other.id)\" and by stage \"\(stage.id)\"",
            at: .key)
        }
        if !files.insert(output.fileName).inserted {
          place?.complain(
            .twoProducers, "stage \"\(stage.id)\" writes two artifacts to the file \"\(output.fileName)\"",
            at: .key)
        }
      }
    }
  }

  private func check(_ input: InputDeclaration, _ index: Int, of stage: StageDeclaration) {
    switch InputSource(input.name) {
    case .source(let name):
      let sources = reader.pipeline.sources.map(\.name)
      if !sources.contains(name), !input.isOptional {
        node(input, of: stage)?.complain(
          .unknownArtifact,
          "stage \"\(stage.id)\" reads the source \(quoted(name)), which pipeline.json does not declare",
          hint: NearestName.hint(name, among: sources), help: "add it under \"sources\" in pipeline.json")
      }
    case .stage(let name):
      if producer(of: name) == nil, !input.isOptional {
        let maker = registry.stages.first { $0.declaration.outputs.contains { $0.name == name } }
        let known = stages.flatMap { $0.outputs.map(\.name) }
        node(input, of: stage)?.complain(
          .unknownArtifact,
          "stage \"\(stage.id)\" reads \(quoted(name)), which no stage of this pipeline makes",
          hint: maker == nil ? NearestName.hint(name, among: known) : nil,
          help: maker.map { "stage \"\($0.declaration.id)\" makes it; add it to \"stages\" in pipeline.json" }
        )
      }
      if let maker = producer(of: name), registry.stage(maker.id) == nil, registry.stage(stage.id) != nil {
        nodes[maker.id]?.child("outputs")?.complain(
          .contradiction,
          "stage \"\(stage.id)\" is built in and reads \(quoted(name)), of which a program makes a plain file",
          at: .key, hint: "give the output another name")
      }
    case .champion(let name), .previous(let name):
      if producer(of: name) == nil, !input.isOptional {
        node(input, of: stage)?.complain(
          .unknownArtifact,
          "stage \"\(stage.id)\" reads an older \(quoted(name)), which no stage of this pipeline makes")
      }
    }
  }

  private func checkCycles() {
    enum Mark {
      case open
      case done
    }
    var marks: [String: Mark] = [:]
    func visit(_ stage: StageDeclaration, _ trail: [String]) {
      marks[stage.id] = .open
      for input in stage.inputs {
        guard case .stage(let name) = InputSource(input.name), let above = producer(of: name) else {
          continue
        }
        switch marks[above.id] {
        case .done: continue
        case .open:
          let circle = (trail + [stage.id]).drop { $0 != above.id } + [above.id]
          node(input, of: stage)?.complain(
            .cycle, "stages wait for one another: \(circle.reversed().joined(separator: " → "))",
            hint: "made by stage \"\(above.id)\"")
        case nil: visit(above, trail + [stage.id])
        }
      }
      marks[stage.id] = .done
    }
    for stage in stages where marks[stage.id] == nil { visit(stage, []) }
  }

  private func checkProfiles() {
    let artifacts = stages.flatMap { $0.outputs.map(\.name) }
    for (profile, artifact, node) in reader.championNodes where !artifacts.contains(artifact) {
      node.complain(
        .unknownArtifact,
        "profile \"\(profile)\" takes \(quoted(artifact)) from the champion; no stage makes it",
        hint: NearestName.hint(artifact, among: artifacts))
    }
    for profile in reader.pipeline.profiles {
      guard let chosen = profile.stages else { continue }
      for (place, id) in chosen.enumerated() {
        guard let stage = stages.first(where: { $0.id == id }) else { continue }
        for input in stage.inputs where !input.isOptional {
          guard case .stage(let name) = InputSource(input.name), let above = producer(of: name),
            !chosen.contains(above.id), !profile.champion.contains(name)
          else { continue }
          let node = DeclarationNode(reader.root.file, complaints).child("profiles")?.child(profile.name)?
            .child("stages")
          let element = node?.elements().first { $0.value.text == id }
          (element ?? node)?.complain(
            .unknownArtifact,
            "profile \"\(profile.name)\" runs \"\(id)\" without \"\(above.id)\", which makes its input \"\(name)\"",
            help:
              "add \"\(above.id)\" to \"stages\", or \"\(name)\" to \"champion\" (stage \(place + 1) of the list)"
          )
        }
      }
    }
  }
}
