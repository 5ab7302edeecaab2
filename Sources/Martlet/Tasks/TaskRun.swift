internal import AccessControl
internal import Libuv
internal import MCP

/// A tool at work as a task, on the loop of the request that began it.
///
/// Not `Sendable`: belongs to that loop.
final class TaskRun {
    private let id: TaskID
    private let call: FeatureCall
    private let principal: Principal
    private let endpoint: Endpoint

    init(_ id: TaskID, _ call: FeatureCall, by principal: Principal, on endpoint: Endpoint) {
        self.id = id
        self.call = call
        self.principal = principal
        self.endpoint = endpoint
    }

    func start() {
        let run = endpoint.loop.startTask(with: self) { await $0.run() }
        endpoint.shared.tasks.didStart(id, run)
    }

    private func run() async {
        let keeper = endpoint.shared.tasks
        let context = RequestContext(
            call,
            principal: principal,
            nowSeconds: WallClock.secondsSinceEpoch(),
            loopIndex: endpoint.loopIndex,
            task: keeper.link(to: id)
        )
        let outcome = await call.run(in: context)
        if case .failed(let failure) = outcome { endpoint.shared.logger.note(failure, of: call) }
        await keeper.finish(id, call, outcome)
    }
}
