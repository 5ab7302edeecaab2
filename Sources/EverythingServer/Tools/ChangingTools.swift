import Martlet

/// Tools that tell whoever listens that a list has changed.
enum ChangingTools {
    static func all(_ changes: ChangeAnnouncer) -> [Tool] {
        [
            announcing(.toolList, "tools", "test_trigger_tool_change", changes),
            announcing(.promptList, "prompts", "test_trigger_prompt_change", changes),
            announcing(.resourceList, "resources", "test_trigger_resource_change", changes),
        ]
    }

    private static func announcing(
        _ change: ServerChange,
        _ what: String,
        _ name: String,
        _ changes: ChangeAnnouncer
    ) -> Tool {
        Tool(name, "Announces that the list of \(what) has changed.") { _, _ in
            changes.announce(change)
            return .text("The change of the list of \(what) was announced")
        }
    }
}
