internal import AccessControl
internal import Logging
internal import MCP

/// Answers what one caller asks about tasks, over whatever transport it asks.
struct TaskDesk {
    /// What a request about a task is answered with.
    enum Answer {
        case task(TaskRecord)
        /// It was taken.
        case acknowledged
        case error(RPCError)
        /// The caller may not, any longer.
        case refused(AccessDecision)
    }

    let keeper: TaskKeeper
    let dispatcher: Dispatcher
    let logger: Logger
    let principal: Principal

    var owner: TaskOwner { TaskOwner(principal) }

    func answer(_ request: TaskRequest) async -> Answer {
        let task: TaskRecord?
        do throws(TaskStoreError) {
            task = try await keeper.record(request.taskID, of: owner)
        } catch {
            logger.error("\(error)")
            return .error(.internalError)
        }
        guard let task, let decision = dispatcher.decision(on: task, of: principal) else {
            return .error(.unknownTask)
        }
        guard decision == .allowed else { return .refused(decision) }
        do throws(RPCError) {
            switch request.action {
            case .get: return .task(task)
            case .update(let answers): try await keeper.answer(task, answers)
            case .cancel: try await keeper.cancel(task)
            }
            return .acknowledged
        } catch {
            return .error(error)
        }
    }

    /// Those of the tasks that are the caller's and that it may hear of.
    func listenable(_ ids: Set<TaskID>) async -> Set<TaskID> {
        var own: Set<TaskID> = []
        for id in ids {
            guard let task = await task(id),
                dispatcher.decision(on: task, of: principal) == .allowed
            else { continue }
            own.insert(id)
        }
        return own
    }

    /// A task of the caller's; `nil` as well if the store cannot be asked, which is logged.
    func task(_ id: TaskID) async -> TaskRecord? {
        do throws(TaskStoreError) {
            return try await keeper.record(id, of: owner)
        } catch {
            logger.error("\(error)")
            return nil
        }
    }

    /// What a store is that has taken too long.
    static let unavailable = RequestFailure.unavailable(
        reason: "the store of tasks did not answer in time"
    )
}
