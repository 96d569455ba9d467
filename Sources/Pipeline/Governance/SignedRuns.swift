import Catalog
package import Fingerprints
import FoundationEssentials

/// Signed manifests of a project's runs: a file a run in `artifacts/manifests`, to be copied elsewhere too.
/// Whoever holds one and the public key sees a run that was changed, a tail that is missing and a chain that
/// was made anew, whatever became of the catalog and its anchors.
package struct SignedRuns: Sendable {
  private let artifacts: PastArtifacts

  /// The runs of the project in `folder`; throws where nothing ever ran there.
  package init(folder: String) throws(PipelineError) { artifacts = try PastArtifacts(folder: folder) }

  private var folder: String { artifacts.store.folder.manifests }

  /// The manifest of a run that has ended.
  package func statement(_ run: String) throws(PipelineError) -> JSONValue {
    do throws(CatalogError) {
      if let file = try artifacts.store.runFile(run) { return RunManifest.statement(file) }
    } catch { throw PipelineError(error) }
    _ = try artifacts.run(run)
    throw PipelineError(.usage, "run \(run) has not ended", remedy: "wait for its end")
  }

  /// Signs the manifests of those runs (all that have ended and have none by this key, for `nil`); their
  /// names. What was signed before stays as it is.
  package func sign(_ run: String?, _ key: SigningKey) throws -> [String] {
    var signed: [String] = []
    let names: [String]
    do throws(CatalogError) {
      if let run { names = [run] } else { names = try artifacts.store.endedRuns() }
    } catch {
      throw PipelineError(error)
    }
    for name in names {
      let statement = try statement(name)
      let path = "\(folder)/\(name).\(key.publicKey.identity.prefix(12)).json"
      if FileManager.default.fileExists(atPath: path) { continue }
      let bytes = CanonicalJSON.encode(try RunManifest.sign(statement, key)) + [0x0A]
      do throws(CatalogError) { try artifacts.store.folder.make(folder) } catch { throw PipelineError(error) }
      do {
        try Data(bytes).write(to: URL(filePath: path), options: .atomic)
      } catch {
        throw PipelineError(
          .failed, "\(path) cannot be written: \(error)", remedy: "let this user write there, or free space")
      }
      signed.append(name)
    }
    return signed
  }

  /// The keys, by the beginnings of their identities, by which a manifest of that run lies in `artifacts/manifests`.
  /// Whether it holds, only `verify` can say.
  package func keys(of run: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasPrefix(run + ".") && $0.hasSuffix(".json") }
      .map { String($0.dropFirst(run.count + 1).dropLast(".json".count)) }.sorted()
  }

  /// What does not hold between signed manifests and the catalog.
  package struct Report: Sendable, Equatable {
    /// Runs whose signed manifest is what the catalog says.
    package var good: [String] = []
    /// Ended runs without a manifest signed by the key.
    package var unsigned: [String] = []
    /// What does not hold, a sentence each.
    package var faults: [String] = []
  }

  /// Compares what `key` signed with what the catalog says: the manifests in `artifacts/manifests` or, where
  /// given, in another folder that holds copies.
  package func verify(_ key: VerifyingKey, copies: String? = nil) throws -> Report {
    let place = copies ?? folder
    var report = Report()
    let mark = ".\(key.identity.prefix(12)).json"
    var names: [String] = []
    if FileManager.default.fileExists(atPath: place) {
      names = try FileManager.default.contentsOfDirectory(atPath: place).filter { $0.hasSuffix(mark) }
        .sorted()
    }
    for name in names {
      let run = String(name.dropLast(mark.count))
      do {
        let envelope = try JSONParser.parse(Array(try Data(contentsOf: URL(filePath: place + "/" + name))))
        let signed = try RunManifest.open(envelope, key)
        guard signed["predicate"]?["runDetails"]?["metadata"]?["invocationId"]?.text == run else {
          report.faults.append("\(name) is the manifest of another run")
          continue
        }
        guard let file = try artifacts.store.runFile(run) else {
          report.faults.append("run \(run) was signed and is not in the catalog any more")
          continue
        }
        if RunManifest.statement(file) == signed {
          report.good.append(run)
        } else {
          report.faults.append("run \(run) was signed otherwise than the catalog has it now")
        }
      } catch let error as SignatureError {
        report.faults.append("\(name): \(error)")
      } catch let error as JSONSyntaxError {
        report.faults.append("\(name): \(error)")
      }
    }
    let good = Set(report.good)
    report.unsigned = try artifacts.store.endedRuns().filter { run in
      !good.contains(run) && !names.contains(run + mark)
    }
    return report
  }
}
