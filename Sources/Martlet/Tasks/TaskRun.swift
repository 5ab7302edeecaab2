internal import AccessControl
internal import Libuv
internal import Logging
internal import MCP

/// A tool at work as a task, on the loop of the request that began it.
///
/// Not `Sendable`: belongs to that loop.
final class TaskRun {
    private let id: TaskID
    private let call: FeatureCall
    private let principal: Principal
    private let keeper: TaskKeeper
    private let loop: EventLoop
    private let loopIndex: Int
    private let logger: Logger

    init(
        _ id: TaskID,
        _ call: FeatureCall,
        by principal: Principal,
        of keeper: TaskKeeper,
        on loop: EventLoop,
        loopIndex: Int,
        logger: Logger
    ) {
        self.id = id
        self.call = call
        self.principal = principal
        self.keeper = keeper
        self.loop = loop
        self.loopIndex = loopIndex
        self.logger = logger
    }

    func start() {
        let run = loop.startTask(with: self) { await $0.run() }
        keeper.didStart(id, run)
    }

    private func run() async {
        let context = RequestContext(
            call,
            principal: principal,
            nowSeconds: WallClock.secondsSinceEpoch(),
            loopIndex: loopIndex,
            task: keeper.link(to: id)
        )
        let outcome = await call.run(in: context)
        if case .failed(let failure) = outcome { logger.note(failure, of: call) }
        await keeper.finish(id, call, outcome)
    }
}
