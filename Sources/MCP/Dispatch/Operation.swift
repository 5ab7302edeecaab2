internal import Bytes
internal import JSON

/// What a message asks for, as logs, counts and limits know it: never an argument.
public struct Operation: Hashable, Sendable {
    /// What the method is applied to, by its place among the server's features.
    public enum Target: Hashable, Sendable {
        /// Nothing, or something that this server does not have.
        case none
        case tool(Int)
        case prompt(Int)
        case resource(Int)
        case resourceTemplate(Int)
    }

    /// `nil` for a response, for a method that nobody knows, and where nobody can say.
    public var method: Method?
    public var target: Target

    public init(_ method: Method? = nil, on target: Target = .none) {
        self.method = method
        self.target = target
    }
}

extension FeatureCall {
    public var operation: Operation {
        switch feature {
        case .tool(let index, _): Operation(.toolsCall, on: .tool(index))
        case .prompt(let index, _): Operation(.promptsGet, on: .prompt(index))
        case .resource(.resource(let index), _): Operation(.resourcesRead, on: .resource(index))
        case .resource(.template(let index, _), _):
            Operation(.resourcesRead, on: .resourceTemplate(index))
        case .resourceList: Operation(.resourcesList)
        case .completion: Operation(.completionComplete)
        }
    }
}

extension Dispatcher {
    /// What a modern request says in its fields that it asks for; the body repeats it or is refused.
    public func operation(namedBy fields: borrowing MirroredFields) -> Operation {
        guard fields.method.count == 1, let method = Method(field: fields.method.value.span) else {
            return Operation()
        }
        guard fields.name.count == 1 else { return Operation(method) }
        switch method {
        case .toolsCall, .promptsGet, .resourcesRead:
            let named = HeaderText.read(fields.name.value.span) { target(of: method, named: $0) }
            return Operation(method, on: named ?? .none)
        default:
            return Operation(method)
        }
    }

    /// What a message asks for, read once more: for messages of the legacy era, whose fields do not
    /// say.
    public func operation(of body: Span<UInt8>) -> Operation {
        do throws(EnvelopeFailure) {
            let envelope = try Envelope(body)
            guard let method = envelope.method, let member = method.mirroredParam else {
                return Operation(envelope.method)
            }
            do throws(RPCError) {
                let params = try RequestParams.read(envelope.params, in: body)
                let named = member == .name ? params.name : params.uri
                guard let text = try named?.string(in: body, called: member.rawValue) else {
                    return Operation(method)
                }
                return Operation(method, on: target(of: method, named: text.utf8.span))
            } catch {
                // What it is applied to cannot be read.
                return Operation(method)
            }
        } catch {
            return Operation()
        }
    }

    private func target(of method: Method, named name: Span<UInt8>) -> Operation.Target {
        switch method {
        case .toolsCall:
            registry.toolIndex(named: name).map { .tool($0) } ?? .none
        case .promptsGet:
            registry.promptIndex(named: name).map { .prompt($0) } ?? .none
        case .resourcesRead:
            switch String(validating: name).flatMap({ registry.resourcePlace(of: $0) }) {
            case .resource(let index): .resource(index)
            case .template(let index, _): .resourceTemplate(index)
            case nil: .none
            }
        default: .none
        }
    }

    /// What a target is called: a name, a URI, or the text of a URI template, as lists show it.
    ///
    /// Empty for none.
    public func name(of target: Operation.Target) -> String {
        switch target {
        case .none: ""
        case .tool(let index): registry.tools[index].name
        case .prompt(let index): registry.features.prompts[index].name
        case .resource(let index): registry.features.resources[index].description.uri
        case .resourceTemplate(let index): registry.features.resourceTemplates[index].template.text
        }
    }
}
