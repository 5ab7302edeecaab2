import Libuv

/// Who loads which server with what: everything about a run but how much and how long.
public struct LoadPlan: Sendable {
    public var address: SocketAddress
    /// What the `Host` field says.
    public var host: String
    public var path: String

    public var agentCount: Int
    public var threadCount: Int
    public var operations: Mix<Operation>
    public var roles: Mix<Role>
    public var eras: Mix<Era>
    public var mint: TokenMint
    public var renewal: TokenRenewal

    /// To-dos that `list_todos` asks for.
    public var listLimit: Int

    /// Requests after which an agent makes a new connection; 0 for never.
    public var requestsPerConnection: Int

    /// After so long a call has failed.
    public var timeoutNanoseconds: UInt64

    /// What is worth another attempt.
    public var retriable: Set<FailureKind.Retriable>

    /// How long after a call was due it is attempted again.
    public var patienceNanoseconds: UInt64

    /// How many loopback addresses connections come from; 0 leaves the choice to the system.
    public var sourceAddressCount: Int

    public var seed: UInt64

    public init(
        address: SocketAddress,
        host: String,
        path: String,
        agentCount: Int,
        operations: Mix<Operation>,
        roles: Mix<Role>,
        eras: Mix<Era>,
        mint: TokenMint
    ) {
        self.address = address
        self.host = host
        self.path = path
        self.agentCount = agentCount
        self.operations = operations
        self.roles = roles
        self.eras = eras
        self.mint = mint
        threadCount = 1
        renewal = .early
        listLimit = 10
        requestsPerConnection = 0
        timeoutNanoseconds = 30_000_000_000
        retriable = []
        patienceNanoseconds = 30_000_000_000
        sourceAddressCount = 0
        seed = 1
    }

    /// What an agent is; the same number is the same agent in every run.
    func profile(of agent: Int) -> AgentProfile? {
        let role = roles[agent]
        let era = eras[agent / roles.totalWeight]
        guard let operations = operations.filter({ $0.isPossible(for: role, in: era) }) else {
            return nil
        }
        return AgentProfile(role: role, era: era, operations: operations)
    }

    /// The first agent for whom nothing of the mix is possible.
    public var idleProfile: (role: Role, era: Era)? {
        for agent in 0..<agentCount where profile(of: agent) == nil {
            return (roles[agent], eras[agent / roles.totalWeight])
        }
        return nil
    }
}

struct AgentProfile: Sendable {
    let role: Role
    let era: Era
    let operations: Mix<Operation>
}

/// How much load there is, and for how long.
public struct LoadPhase: Sendable {
    /// When calls begin.
    public enum Loop: Sendable {
        /// At their time, whatever the server does.
        case open(ratePerSecond: Double, spacing: ArrivalSchedule.Spacing)
        /// When the agent has its last answer and has thought about it.
        case closed(thinkNanoseconds: UInt64)
    }

    public var loop: Loop
    public var rampNanoseconds: UInt64
    /// Calls that are due before count for nothing; the ramp lies in it.
    public var warmUpNanoseconds: UInt64
    /// The time in which calls that are due count.
    public var windowNanoseconds: UInt64
    /// How long answers are waited for afterwards.
    public var drainNanoseconds: UInt64

    public init(
        loop: Loop,
        rampNanoseconds: UInt64 = 0,
        warmUpNanoseconds: UInt64,
        windowNanoseconds: UInt64,
        drainNanoseconds: UInt64
    ) {
        self.loop = loop
        self.rampNanoseconds = rampNanoseconds
        self.warmUpNanoseconds = warmUpNanoseconds
        self.windowNanoseconds = windowNanoseconds
        self.drainNanoseconds = drainNanoseconds
    }
}
