import Catalog
import Fingerprints

extension PipelineError {
  /// Says of something collected on purpose when, by which collection and how it can be made again.
  init(
    collected digest: Digest, _ what: String, madeIn run: String? = nil, in store: CatalogStore
  ) throws(PipelineError) {
    let notice: CollectionNotice?
    do throws(CatalogError) { notice = try store.collection(of: digest) } catch { throw PipelineError(error) }
    let words = notice?.words ?? "collected"
    let name = run ?? "RUN"
    guard notice?.isErasure != true else {
      self.init(
        .usage, "\(what) (\(digest.short)) was \(words); its record stays",
        remedy: "an erased version is not made again: the sources it came from are erased as well")
      return
    }
    self.init(
      .usage, "\(what) (\(digest.short)) was \(words); its record stays",
      remedy: "`holdfast reproduce \(name)` makes it anew beside the artifacts and compares the digests")
  }
}
