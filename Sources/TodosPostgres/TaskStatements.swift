internal import PostgresClient
internal import Todos

/// The statements about tasks that every connection prepares.
enum TaskStatements {
    static let all = [
        countOfSubject, count, insert, find, update, remove, removeExpired, interrupt,
        ofChanges, recent, pass, words, removeWords, removeOldWords, beat, removeProcess,
        removeSilentProcesses,
    ]

    private static let columns = """
        id, issuer, subject, workspace, tool, arguments, created_at, lifetime, expires_at, \
        poll_interval, status, is_final, status_message, content, updated_at, revision
        """

    private static let ofSubject = "issuer = $2 AND subject = $3 AND expires_at > $1"

    /// Parameters: now, issuer, subject, the id of a task that does not count.
    static let countOfSubject = PostgresStatement(
        "SELECT count(*) FROM martlet_task WHERE \(ofSubject) AND id <> $4",
        name: "task_count_of_subject",
        to: "count the tasks of a subject"
    )

    /// Parameters: now, the id of a task that does not count.
    static let count = PostgresStatement(
        "SELECT count(*) FROM martlet_task WHERE expires_at > $1 AND id <> $2",
        name: "task_count",
        to: "count the tasks"
    )

    /// Parameters: those of the columns, the process, now, the most of the subject, the most of all.
    ///
    /// Inserts nothing if there are as many already.
    static let insert = PostgresStatement(
        """
        INSERT INTO martlet_task (\(columns), process, origin)
        SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $17
        WHERE (
            SELECT count(*) FROM martlet_task
            WHERE issuer = $2 AND subject = $3 AND expires_at > $18
        ) < $19 AND (SELECT count(*) FROM martlet_task WHERE expires_at > $18) < $20
        ON CONFLICT (id) DO NOTHING
        """,
        name: "task_insert",
        to: "add a task"
    )

    /// Parameters: id, issuer, subject, workspace.
    static let find = PostgresStatement(
        """
        SELECT \(columns) FROM martlet_task
        WHERE id = $1 AND issuer = $2 AND subject = $3 AND workspace = $4
        """,
        name: "task_find",
        to: "read a task"
    )

    /// Parameters: id, revision, status, is_final, status_message, content, updated_at, the number
    /// of the change, the process.
    static let update = PostgresStatement(
        """
        UPDATE martlet_task SET revision = $2, status = $3, is_final = $4, status_message = $5,
            content = $6, updated_at = $7, change = $8, origin = $9, changed_at = clock_timestamp()
        WHERE id = $1 AND revision < $2 AND NOT is_final
        """,
        name: "task_update",
        to: "change a task"
    )

    /// Parameters: id.
    static let remove = PostgresStatement(
        "DELETE FROM martlet_task WHERE id = $1",
        name: "task_remove",
        to: "remove a task"
    )

    /// Parameters: now.
    static let removeExpired = PostgresStatement(
        "DELETE FROM martlet_task WHERE expires_at <= $1",
        name: "task_remove_expired",
        to: "remove expired tasks"
    )

    /// Parameters: status, status_message, content, updated_at, a process that is at no task besides
    /// those that are not there, the number of the change, the process.
    ///
    /// Returns the tasks that have changed.
    static let interrupt = PostgresStatement(
        """
        UPDATE martlet_task t SET revision = revision + 1, status = $1, is_final = TRUE,
            status_message = $2, content = $3, updated_at = greatest(updated_at, $4),
            change = $6, origin = $7, changed_at = clock_timestamp()
        WHERE NOT is_final AND (
            process = $5 OR NOT EXISTS (SELECT 1 FROM martlet_process p WHERE p.id = t.process)
        )
        RETURNING \(changed)
        """,
        name: "task_interrupt",
        to: "interrupt the tasks of processes that have ended"
    )

    // What processes tell each other.

    /// What is told of a change.
    private static let changed = "change, id, issuer, subject, workspace"

    /// Parameters: numbers of changes.
    static let ofChanges = PostgresStatement(
        "SELECT \(changed) FROM martlet_task WHERE change = ANY ($1::bigint[])",
        name: "task_of_changes",
        to: "read which tasks have changed"
    )

    /// Parameters: the number of this process, an interval, a limit.
    static let recent = PostgresStatement(
        """
        SELECT \(changed) FROM martlet_task
        WHERE origin <> $1 AND changed_at > now() - $2::text::interval
        ORDER BY changed_at DESC LIMIT $3
        """,
        name: "task_recent",
        to: "read which tasks have changed lately"
    )

    /// Parameters: task, topics, contents, numbers.
    ///
    /// Of words about one topic that have not been heard the first is kept.
    static let pass = PostgresStatement(
        """
        INSERT INTO martlet_task_word (task, topic, content, number, process)
        SELECT t.id, w.topic, w.content, w.number, t.process
        FROM martlet_task t, unnest($2::text[], $3::text[], $4::bigint[])
            AS w (topic, content, number)
        WHERE t.id = $1 AND NOT t.is_final
        ON CONFLICT (task, topic) DO NOTHING
        """,
        name: "task_pass",
        to: "pass on what was said of a task"
    )

    /// Parameters: what `NOTIFY` says before the process, the task.
    static let notifyProcess = PostgresStatement(
        """
        SELECT pg_notify('\(ProcessFeeds.channel)', $1::text || process::text)
        FROM martlet_task WHERE id = $2 AND NOT is_final
        """,
        name: "task_notify_process",
        to: "notify the process that works at a task"
    )

    /// Parameters: the process, a limit.
    static let words = PostgresStatement(
        """
        SELECT number, task, topic, content FROM martlet_task_word
        WHERE process = $1 LIMIT $2
        """,
        name: "task_words",
        to: "read what was said of tasks"
    )

    /// Parameters: the process, numbers.
    static let removeWords = PostgresStatement(
        "DELETE FROM martlet_task_word WHERE process = $1 AND number = ANY ($2::bigint[])",
        name: "task_remove_words",
        to: "forget what was said of tasks"
    )

    /// What nobody will hear: its task has ended.
    static let removeOldWords = PostgresStatement(
        """
        DELETE FROM martlet_task_word w WHERE NOT EXISTS (
            SELECT 1 FROM martlet_task t WHERE t.id = w.task AND NOT t.is_final
        )
        """,
        name: "task_remove_old_words",
        to: "forget what was said of tasks that have ended"
    )

    // Processes.

    /// Parameters: the process.
    static let beat = PostgresStatement(
        """
        INSERT INTO martlet_process (id, seen_at) VALUES ($1, clock_timestamp())
        ON CONFLICT (id) DO UPDATE SET seen_at = clock_timestamp()
        """,
        name: "process_beat",
        to: "say that the process is there"
    )

    /// Parameters: the process.
    static let removeProcess = PostgresStatement(
        "DELETE FROM martlet_process WHERE id = $1",
        name: "process_remove",
        to: "say that the process ends"
    )

    /// Parameters: an interval.
    static let removeSilentProcesses = PostgresStatement(
        "DELETE FROM martlet_process WHERE seen_at < clock_timestamp() - $1::text::interval",
        name: "process_remove_silent",
        to: "remove processes that are silent"
    )
}

extension StoredTask {
    /// The values of the columns of ``TaskStatements/insert``.
    var columns: [PostgresValue] {
        [
            PostgresValue(id), PostgresValue(owner.issuer), PostgresValue(owner.subject),
            PostgresValue(owner.workspace), PostgresValue(tool), PostgresValue(arguments),
            PostgresValue(createdAtMilliseconds), PostgresValue(lifetimeMilliseconds),
            PostgresValue(expiresAtMilliseconds), PostgresValue(pollIntervalMilliseconds),
            PostgresValue(state.status), PostgresValue(state.isFinal),
            PostgresValue(state.statusMessage), PostgresValue(state.content),
            PostgresValue(state.updatedAtMilliseconds), PostgresValue(revision),
        ]
    }
}

extension PostgresRows {
    /// The task in the columns of ``TaskStatements/find``.
    func task(_ row: Int) -> StoredTask {
        StoredTask(
            id: text(row, 0),
            owner: StoredTask.Owner(
                issuer: text(row, 1),
                subject: text(row, 2),
                workspace: text(row, 3)
            ),
            tool: text(row, 4),
            arguments: text(row, 5),
            createdAtMilliseconds: number(row, 6),
            lifetimeMilliseconds: number(row, 7),
            expiresAtMilliseconds: number(row, 8),
            pollIntervalMilliseconds: number(row, 9),
            state: StoredTask.State(
                status: text(row, 10),
                isFinal: boolean(row, 11),
                statusMessage: optionalText(row, 12),
                content: optionalText(row, 13),
                updatedAtMilliseconds: number(row, 14)
            ),
            revision: number(row, 15)
        )
    }
}
