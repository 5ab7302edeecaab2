import Martlet

/// One of everything.
enum EverythingFeatures {
    /// What everything here requires, and everybody has.
    static let permission = Permission("use:everything")

    /// All features; the tools among them that change something announce it with `changes`.
    static func all(_ changes: ChangeAnnouncer) -> ServerFeatures {
        ServerFeatures(
            tools: ContentTools.all + TellingTools.all + AskingTools.all + RoundTripTools.all
                + DiagnosticTools.all + ChangingTools.all(changes) + SchemaTools.all
                + TaskTools.all,
            resources: FixtureResources.all + [WatchedResource.resource],
            resourceTemplates: FixtureResources.templates,
            resourceSources: FixtureResources.sources,
            prompts: FixturePrompts.all,
            changingLists: [.tools, .prompts, .resources]
        )
    }
}

extension Tool {
    /// A tool that anybody may call.
    init(
        _ name: String,
        _ description: String,
        _ properties: [Property] = [],
        call: @escaping Call
    ) {
        self.init(
            name: name,
            description: description,
            input: ObjectSchema(properties),
            permission: EverythingFeatures.permission,
            call: call
        )
    }
}
