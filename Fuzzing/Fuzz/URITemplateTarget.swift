import MCP

extension Target {
    /// A URI that follows a template has a value for every variable of it.
    ///
    /// The template ends at the first NUL; the URI follows.
    static let uriTemplate = Target(name: "uri-template") { input in
        let parts = input.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count > 1,
            let template = URITemplate(String(decoding: parts[0], as: UTF8.self)),
            let values = template.match(String(decoding: parts[1], as: UTF8.self))
        else { return }
        precondition(Set(values.keys) == Set(template.variableNames), "a variable has no value")
    }
}
