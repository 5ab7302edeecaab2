internal import PostgresClient

/// The statements about sessions that every connection prepares.
enum SessionStatements {
    static let all = [numberOf, put, kept, ofNumbers, recent, removeExpired]

    /// Before the topic of what is said once; other topics begin with something else.
    static let oncePrefix = "once "

    /// Parameters: session, topic.
    static let numberOf = PostgresStatement(
        "SELECT number FROM martlet_session WHERE session = $1 AND topic = $2",
        name: "session_number_of",
        to: "look for what has become of a session"
    )

    /// Parameters: session, topic, content, expires_at, number, origin, the number of the row that is
    /// replaced.
    ///
    /// May be carried out twice: the second time nothing is replaced, as the row has the number of
    /// this one by then, or of one that came after it. Nor is it if another row came between the look
    /// for the number and this: who is at it at the same time is not put in order, and the other's
    /// word stands.
    static let put = PostgresStatement(
        """
        INSERT INTO martlet_session (session, topic, content, expires_at, number, origin)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (session, topic) DO UPDATE SET
            content = excluded.content, expires_at = excluded.expires_at,
            number = excluded.number, origin = excluded.origin, changed_at = clock_timestamp()
        WHERE martlet_session.number = $7::bigint
        """,
        name: "session_put",
        to: "keep what has become of a session"
    )

    private static let rows = """
        SELECT number, session, topic, content, expires_at FROM martlet_session
        """

    /// Parameters: now, a limit.
    static let kept = PostgresStatement(
        """
        \(rows) WHERE expires_at > $1 AND topic NOT LIKE '\(oncePrefix)%'
        ORDER BY changed_at DESC LIMIT $2
        """,
        name: "session_kept",
        to: "read what has become of sessions"
    )

    /// Parameters: numbers.
    static let ofNumbers = PostgresStatement(
        "\(rows) WHERE number = ANY ($1::bigint[])",
        name: "session_of_numbers",
        to: "read what has become of sessions"
    )

    /// Parameters: the number of this process, an interval, a limit.
    static let recent = PostgresStatement(
        """
        \(rows) WHERE origin <> $1 AND changed_at > now() - $2::text::interval
        ORDER BY changed_at DESC LIMIT $3
        """,
        name: "session_recent",
        to: "read what has become of sessions lately"
    )

    /// Parameters: now.
    static let removeExpired = PostgresStatement(
        "DELETE FROM martlet_session WHERE expires_at <= $1",
        name: "session_remove_expired",
        to: "forget sessions that have expired"
    )
}

extension PostgresRows {
    /// The row in the columns of ``SessionStatements``.
    func session(_ row: Int) -> SessionRow {
        let topic = text(row, 2)
        return SessionRow(
            session: text(row, 1),
            topic: topic.hasPrefix(SessionStatements.oncePrefix) ? nil : topic,
            content: text(row, 3),
            expiresAt: number(row, 4)
        )
    }
}
