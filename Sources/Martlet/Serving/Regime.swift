internal import AccessControl
internal import MCP

/// What decides who may do what, all of it made of one policy.
///
/// It never changes; another policy makes another regime. Whoever was let in under one is judged by
/// it to the end of the request: what rights consist of are numbers that only their own policy
/// understands.
final class Regime: Sendable {
    let policies: PolicyPair
    let dispatcher: Dispatcher
    let responses: Responses

    /// Whose requests those without credentials are; `nil` where they are refused.
    let anonymousPrincipal: Principal?

    init(
        policies: PolicyPair,
        dispatcher: Dispatcher,
        responses: Responses,
        anonymousPrincipal: Principal?
    ) {
        self.policies = policies
        self.dispatcher = dispatcher
        self.responses = responses
        self.anonymousPrincipal = anonymousPrincipal
    }

    var policy: AccessPolicy { policies.policy }
}
