import Assembly
import Staging
import Testing

@Test func `every stage has its own id, its outputs and a digest of its code`() {
  let ids = Assembly.stages.map { $0.declaration.id }
  #expect(
    ids == ["ingest", "clean", "resample", "train", "score", "evaluate", "segment", "rank", "report"])
  for stage in Assembly.stages {
    #expect(!stage.declaration.outputs.isEmpty)
    #expect(Assembly.codeDigests[stage.declaration.id]?.count == 64)
  }
  #expect(Set(Assembly.codeDigests.values).count == ids.count)
}

@Test func `no artifact has two makers and every input has one`() {
  var makers: [String: String] = [:]
  for stage in Assembly.stages {
    for output in stage.declaration.outputs {
      #expect(makers[output.name] == nil, "\(output.name) is made by two stages")
      makers[output.name] = stage.declaration.id
    }
  }
  for stage in Assembly.stages {
    for input in stage.declaration.inputs where !input.name.contains(".") {
      #expect(makers[input.name] != nil, "\(stage.declaration.id) reads \(input.name), which nobody makes")
    }
  }
}

@Test func `every parameter's default is allowed and has a sentence of help`() {
  for stage in Assembly.stages {
    for parameter in stage.declaration.parameters {
      #expect(parameter.fault(in: parameter.defaultValue) == nil, "\(stage.declaration.id).\(parameter.name)")
      #expect(parameter.help.hasSuffix("."), "\(stage.declaration.id).\(parameter.name)")
    }
  }
}
