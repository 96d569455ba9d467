import Clientele
import Dispatch
import Fingerprints
import Staging
import Synchronization

/// Runs a project's stages: decides about each, executes those that must, commits what they made.
package final class Runner: Sendable {
  private let project: Project
  private let request: RunRequest
  private let interruption: Interruption
  private let observer: Mutex<any RunObserver>

  /// A runner of `project`; `observer` is told what happens.
  package init(
    _ project: Project, _ request: RunRequest, observer: any RunObserver,
    interruption: Interruption = Interruption()
  ) {
    self.project = project
    self.request = request
    self.interruption = interruption
    self.observer = Mutex(observer)
  }

  /// Runs, and says how it ended; the observer's last event says the same.
  @discardableResult
  package func run() -> RunEnd {
    let start = ContinuousClock.now
    var end: RunEnd
    do {
      let profile = try project.profile(request.profile)
      let graph = StageGraph(project, profile: profile)
      let (selected, forced) = try request.selection.resolve(
        in: graph, project: project, profile: profile.name)
      let archive = try Archive.writing(in: project.folder, ifLocked: request.ifLocked)
      defer { archive.close() }
      let session = RunSession(
        project: project, profile: profile, graph: graph, selected: selected, forced: forced,
        request: request,
        archive: archive, interruption: interruption, tell: { [self] in tell($0) })
      end = session.run()
    } catch let error as PipelineError {
      end = RunEnd(refusal: error)
      // A lock that is held is no fault where the caller said so.
      if error.kind == .locked, request.ifLocked == .skip { end.exitCode = 0 }
    } catch let error as DeclarationErrors {
      end = RunEnd(refusal: PipelineError(.usage, error.description))
    } catch {
      end = RunEnd(refusal: PipelineError(.failed, "\(error)"))
    }
    end.seconds = (ContinuousClock.now - start).seconds
    tell(.runEnded(end))
    return end
  }

  private func tell(_ event: RunEvent) { observer.withLock { $0.receive(event) } }
}

extension RunEnd {
  /// The end of a run that never began.
  init(refusal error: PipelineError) {
    let stopped = error.kind == .interrupted || error.kind == .terminated
    self.init(
      run: "", outcome: stopped ? .interrupted : error.kind == .failed ? .failed : .refused,
      exitCode: error.exitCode, message: error.description, seconds: 0, counts: [:])
  }
}
