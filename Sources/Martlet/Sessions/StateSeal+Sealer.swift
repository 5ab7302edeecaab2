internal import Bytes
internal import JSON
internal import Libuv
internal import MCP

extension StateSeal {
    /// Seals what clients carry between the rounds of a request for so long.
    init(_ sealer: Sealer, lifetimeSeconds: Int) {
        self.init { plaintext, context in
            let now = WallClock.secondsSinceEpoch()
            let expiry = now.addingReportingOverflow(Int64(lifetimeSeconds)).partialValue
            return sealer.seal(
                plaintext.bytes.bytes,
                for: .requestState,
                goodFor: context.bytes.bytes,
                untilSeconds: expiry
            )
        } open: { text, context in
            let opened = sealer.open(
                ByteBuffer(text).span,
                for: .requestState,
                goodFor: context.bytes.bytes,
                nowSeconds: WallClock.secondsSinceEpoch()
            )
            return opened.map { RawJSON(unchecked: ByteBuffer($0)) }
        }
    }
}
