import Martlet

/// What the protocol keeps for clients between their messages, and for how long.
package struct ProtocolSettings: Sendable {
    package let streamsPerSubjectMax: Int
    package let clientAnswerSeconds: Int
    package let listPageCountMax: Int
    package let tasks: TaskLimits

    package init(_ settings: inout SettingsReader) {
        streamsPerSubjectMax = settings.number(.streamsPerSubjectMax)
        clientAnswerSeconds = settings.number(.clientAnswerSeconds)
        listPageCountMax = settings.number(.listPageMax)
        tasks = Self.tasks(&settings)
    }

    func apply(to configuration: inout ServerConfiguration) {
        configuration.streamsPerSubjectMax = streamsPerSubjectMax
        configuration.clientAnswerSeconds = clientAnswerSeconds
        configuration.listPageCountMax = listPageCountMax
        configuration.taskLimits = tasks
    }

    private static func tasks(_ settings: inout SettingsReader) -> TaskLimits {
        var tasks = TaskLimits()
        tasks.pollIntervalMilliseconds = settings.number(.taskPollMilliseconds)
        tasks.runningCountMax = settings.number(.tasksRunningMax)
        tasks.perSubjectCountMax = settings.number(.tasksPerSubjectMax)
        tasks.countMax = settings.number(.tasksMax)
        tasks.resultByteCountMax = settings.number(.taskResultMax)
        // No tool works longer than its task is kept; the default makes do with what it is.
        let lifetime = settings.number(.taskLifetimeSeconds)
        let asked = settings.numberIfSet(.taskRunSeconds)
        if let asked, asked > lifetime {
            settings.report(
                .value(.outOfOrder(.taskRunSeconds, asked, .taskLifetimeSeconds, lifetime))
            )
            return tasks
        }
        tasks.lifetimeSeconds = lifetime
        tasks.runSeconds = asked ?? min(settings.number(.taskRunSeconds), lifetime)
        return tasks
    }
}
