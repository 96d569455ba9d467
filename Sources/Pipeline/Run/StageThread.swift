import Glibc

/// Runs `body` on a thread of its own with a deep stack: kernels neither block the pool that serves
/// signals nor depend on its small stacks.
func startStageThread(_ body: @escaping @Sendable () -> Void) throws(PipelineError) {
  final class Box {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
  var attributes = pthread_attr_t()
  unsafe pthread_attr_init(&attributes)
  defer { unsafe pthread_attr_destroy(&attributes) }
  unsafe pthread_attr_setstacksize(&attributes, 64 << 20)
  unsafe pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
  var thread = pthread_t()
  let box = unsafe Unmanaged.passRetained(Box(body))
  let status = unsafe pthread_create(
    &thread, &attributes,
    { pointer in
      guard let pointer = unsafe pointer else { return nil }
      unsafe Unmanaged<Box>.fromOpaque(pointer).takeRetainedValue().body()
      return nil
    }, box.toOpaque())
  if status != 0 {
    unsafe box.release()
    throw PipelineError(.failed, "no thread could be started for a stage (error \(status))")
  }
}
