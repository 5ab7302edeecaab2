public import AccessControl

/// A policy that is tried out beside the one that decides, and changes no answer.
///
/// It is asked about every tool call of a principal that has ``Principal/candidate`` rights. What it
/// would have decided differently is reported: who, what, and both outcomes, never an argument.
public struct CandidatePolicy: Sendable {
    /// Called on the event loop of the request; what takes long belongs elsewhere.
    public typealias Report = @Sendable (PolicyDivergence) -> Void

    let policy: AccessPolicy
    let report: Report

    public init(_ policy: AccessPolicy, report: @escaping Report) {
        self.policy = policy
        self.report = report
    }
}

/// A tool call on which two policies disagree.
public struct PolicyDivergence: Hashable, Sendable {
    public let subject: Subject
    public let operation: ProtectedOperation

    /// What was decided.
    public let outcome: AccessOutcome

    /// What the candidate would have decided.
    ///
    /// ``AccessOutcome/dependsOnArguments`` if the call was refused before its arguments were
    /// known, and the candidate would have looked at them.
    public let candidate: AccessOutcome

    public init(
        subject: Subject,
        operation: ProtectedOperation,
        outcome: AccessOutcome,
        candidate: AccessOutcome
    ) {
        self.subject = subject
        self.operation = operation
        self.outcome = outcome
        self.candidate = candidate
    }
}
