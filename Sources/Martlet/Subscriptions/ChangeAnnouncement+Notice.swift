internal import MCP

// What has changed, in the words of a `SessionNotice`. Processes of different releases read them: a
// word never changes its meaning, and one that is not known is passed over.
extension ChangeAnnouncer.Announcement {
    /// In the place of a session: what has changed concerns all of them.
    private static let session = "changes"

    private enum Word: String {
        case tools
        case prompts
        case resources
        case resource
    }

    private enum Audience: String {
        case all
        case workspace
    }

    /// The change as other processes are told it; `nil` for what they find out by themselves.
    var notice: SessionNotice? {
        let what: String
        switch change {
        case .toolList: what = Word.tools.rawValue
        case .promptList: what = Word.prompts.rawValue
        case .resourceList: what = Word.resources.rawValue
        case .resource(let uri): what = "\(Word.resource) \(uri)"
        case .task: return nil
        }
        // No space is in a workspace's name.
        let audience = workspace.map { "\(Audience.workspace) \($0)" } ?? Audience.all.rawValue
        return SessionNotice(
            session: Self.session,
            topic: nil,
            content: "\(audience) \(what)",
            expirySeconds: 0
        )
    }

    /// - Returns: `nil` if the notice is of no change that this release knows.
    init?(_ notice: SessionNotice) {
        guard notice.session == Self.session else { return nil }
        func split(_ text: Substring) -> (word: String, rest: Substring) {
            let parts = text.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
            return (String(parts[0]), parts.count > 1 ? parts[1] : "")
        }
        var (word, rest) = split(notice.content[...])
        guard let audience = Audience(rawValue: word) else { return nil }
        var workspace: String?
        if audience == .workspace {
            (word, rest) = split(rest)
            workspace = word
        }
        (word, rest) = split(rest)
        switch Word(rawValue: word) {
        case .tools: self.init(change: .toolList, workspace: workspace)
        case .prompts: self.init(change: .promptList, workspace: workspace)
        case .resources: self.init(change: .resourceList, workspace: workspace)
        case .resource: self.init(change: .resource(uri: String(rest)), workspace: workspace)
        case nil: return nil
        }
    }
}
