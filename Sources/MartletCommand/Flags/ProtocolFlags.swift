import ArgumentParser

/// Flags that bound what the protocol keeps for clients between their messages.
struct ProtocolFlags: ParsableArguments {
    @Option(.clientAnswerSeconds, "Seconds for a client to answer what a tool asks it")
    var clientAnswerSeconds: String?

    @Option(.listPageMax, "Entries of a list that one page shows")
    var listPageMax: String?

    @Option(.taskLifetimeSeconds, "Seconds that a task is kept, with its result")
    var taskLifetimeSeconds: String?

    @Option(.taskRunSeconds, "Seconds for a tool that runs as a task")
    var taskRunSeconds: String?

    @Option(.taskPollMilliseconds, "Milliseconds until a client should ask about a task again")
    var taskPollMilliseconds: String?

    @Option(.tasksRunningMax, "Tools that run as tasks at once")
    var tasksRunningMax: String?

    @Option(.tasksPerSubjectMax, "Tasks of one subject that are kept")
    var tasksPerSubjectMax: String?

    @Option(.tasksMax, "Tasks that are kept")
    var tasksMax: String?

    @Option(.taskResultMax, "Bytes of a task's result")
    var taskResultMax: String?

    var given: [Setting: [String]] {
        var flags: [Setting: [String]] = [:]
        flags.add(.clientAnswerSeconds, clientAnswerSeconds)
        flags.add(.listPageMax, listPageMax)
        flags.add(.taskLifetimeSeconds, taskLifetimeSeconds)
        flags.add(.taskRunSeconds, taskRunSeconds)
        flags.add(.taskPollMilliseconds, taskPollMilliseconds)
        flags.add(.tasksRunningMax, tasksRunningMax)
        flags.add(.tasksPerSubjectMax, tasksPerSubjectMax)
        flags.add(.tasksMax, tasksMax)
        flags.add(.taskResultMax, taskResultMax)
        return flags
    }
}
