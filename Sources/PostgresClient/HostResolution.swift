internal import Libuv

/// Finds the addresses of the hosts that a URL names, so that libpq need not: it would wait for them
/// and with it the loop.
///
/// Confined to the loop's thread.
final class HostResolution {
    typealias End = (Result<[PostgresURL.Parameter], PostgresError.Cause>) -> Void

    /// A host as libpq is told of it: `hostaddr` says where it is, `host` what its certificate says.
    private struct Target {
        let host: String
        let address: String
        let port: String
    }

    private let url: PostgresURL
    private let loop: EventLoop
    private let didEnd: End
    private var waiting: [Target]
    private var targets: [Target] = []
    private var failure: LibuvError?

    /// Starts; `didEnd` is told at once if there is nothing to look up.
    static func start(_ url: PostgresURL, on loop: EventLoop, _ didEnd: @escaping End) {
        HostResolution(url, loop, didEnd).resolveNext()
    }

    private init(_ url: PostgresURL, _ loop: EventLoop, _ didEnd: @escaping End) {
        self.url = url
        self.loop = loop
        self.didEnd = didEnd
        func list(_ keyword: String) -> [String] {
            url.value(of: keyword)?.split(separator: ",", omittingEmptySubsequences: false)
                .map(String.init) ?? []
        }
        let (hosts, addresses, ports) = (list("host"), list("hostaddr"), list("port"))
        waiting = (0..<max(hosts.count, addresses.count)).map { index in
            Target(
                host: index < hosts.count ? hosts[index] : "",
                address: index < addresses.count ? addresses[index] : "",
                port: ports.count == 1 ? ports[0] : index < ports.count ? ports[index] : ""
            )
        }
        waiting.reverse()
    }

    private func resolveNext() {
        while let target = waiting.popLast() {
            let isSocket = target.host.isEmpty || "/@".contains(target.host.prefix(1))
            guard target.address.isEmpty, !isSocket else {
                targets.append(target)
                continue
            }
            return HostLookup.start(target.host, on: loop) { [self] result in
                switch result {
                case .success(let addresses):
                    targets += addresses.map {
                        Target(host: target.host, address: $0, port: target.port)
                    }
                case .failure(let error):
                    failure = error
                }
                resolveNext()
            }
        }
        end()
    }

    private func end() {
        if targets.isEmpty, let failure {
            return didEnd(.failure(.noConnection(message: "\(failure)")))
        }
        var parameters = url.parameters
        if !targets.isEmpty {
            parameters.removeAll { ["host", "hostaddr", "port"].contains($0.keyword) }
            func append(_ keyword: String, _ values: [String]) {
                guard values.contains(where: { !$0.isEmpty }) else { return }
                let value = values.joined(separator: ",")
                parameters.append(PostgresURL.Parameter(keyword: keyword, value: value))
            }
            append("host", targets.map(\.host))
            append("hostaddr", targets.map(\.address))
            append("port", targets.map(\.port))
        }
        didEnd(.success(parameters))
    }
}
