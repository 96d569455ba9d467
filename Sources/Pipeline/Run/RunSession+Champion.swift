import Catalog
import Fingerprints
import Staging

extension RunSession {
  /// The first whole run that makes what other profiles take from the champion names it: all documents it
  /// made, and whatever else such a profile asks for.
  func nameFirstChampion(_ circumstances: Circumstances, _ run: RunIdentity) throws {
    let wanted = Set(project.pipeline.profiles.flatMap(\.champion))
    guard profile.champion.isEmpty, selected.count == graph.stages.count, !wanted.isEmpty,
      wanted.isSubset(of: circumstances.made.keys), try archive.alias(championAlias) == nil
    else { return }
    let documents = graph.stages.flatMap(\.outputs).filter {
      $0.kind == .document || wanted.contains($0.name)
    }
    var members: [String: Digest] = [:]
    for output in documents { members[output.name] = circumstances.made[output.name] }
    try archive.setAlias(
      championAlias, Champion(members: members, contracts: circumstances.contracts), run: run)
    tell(.noted("this run's model is the champion now: the first there is"))
  }
}
