import Foundation
import Martlet

/// API keys as a person reads them: one a line, under headings.
package struct APIKeyTable {
    private let records: [APIKeyRecord]
    private let nowSeconds: Int64

    package init(_ set: APIKeySet, nowSeconds: Int64) {
        records = set.records
        self.nowSeconds = nowSeconds
    }

    package var text: String {
        let rows = [["ID", "NAME", "ROLES", "WORKSPACE", "CREATED", "EXPIRES"]] + records.map(row)
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = zip(row.dropLast(), widths).map { cell, width in
                cell + String(repeating: " ", count: width - cell.count)
            }
            return (cells + row.suffix(1)).joined(separator: "  ") + "\n"
        }.joined()
    }

    private func row(_ record: APIKeyRecord) -> [String] {
        var roles = record.holder.roles.joined(separator: ",")
        if let permissions = record.holder.permissions {
            roles += " (only \(permissions.joined(separator: " ")))"
        }
        return [
            "\(record.id)", record.holder.name, roles, record.holder.workspace.name,
            Self.date(record.createdSeconds), expiry(of: record),
        ]
    }

    private func expiry(of record: APIKeyRecord) -> String {
        guard let seconds = record.expiresSeconds else { return "never" }
        let hasExpired = record.hasExpired(nowSeconds: nowSeconds)
        return Self.date(seconds) + (hasExpired ? " (expired)" : "")
    }

    private static func date(_ seconds: Int64) -> String {
        Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601)
    }
}
