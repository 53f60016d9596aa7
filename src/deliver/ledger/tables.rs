use rusqlite::{Connection, TransactionBehavior};

/// Applies the migrations that a database lacks; false if it has some that this program does not know.
pub(super) fn bring_up_to_date(connection: &mut Connection) -> rusqlite::Result<bool> {
    const TAKEN: &str = "user_version";
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let taken: u32 = transaction.pragma_query_value(None, TAKEN, |row| row.get(0))?;
    let Some(steps) = STEPS.get(taken as usize..) else { return Ok(false) };
    for step in steps {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, TAKEN, STEPS.len() as u32)?;
    transaction.commit()?;
    Ok(true)
}

/// The migrations from an empty file to the current tables. A published one is never changed.
pub(super) const STEPS: [&str; 3] = [
    "CREATE TABLE delivery (
        id INTEGER PRIMARY KEY,
        message TEXT NOT NULL,
        event TEXT NOT NULL,
        run TEXT NOT NULL,
        area TEXT NOT NULL,
        area_name TEXT NOT NULL,
        kind TEXT NOT NULL,
        format TEXT NOT NULL,
        recipient TEXT NOT NULL COLLATE NOCASE,
        name TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('planned', 'handing-over', 'accepted', 'refused', 'bounced', 'unknown')),
        attempts INTEGER NOT NULL DEFAULT 0,
        answer TEXT NOT NULL DEFAULT '',
        at TEXT NOT NULL,
        superseded INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE UNIQUE INDEX once ON delivery (sha256, area, recipient) WHERE superseded = 0;
    CREATE INDEX delivery_of_message ON delivery (message);
    CREATE TABLE step (
        id INTEGER PRIMARY KEY,
        delivery INTEGER NOT NULL REFERENCES delivery (id),
        state TEXT NOT NULL,
        answer TEXT NOT NULL,
        at TEXT NOT NULL
    ) STRICT;
    CREATE TRIGGER step_of_insert AFTER INSERT ON delivery BEGIN
        INSERT INTO step (delivery, state, answer, at) VALUES (new.id, new.state, new.answer, new.at);
    END;
    CREATE TRIGGER step_of_update AFTER UPDATE OF state, answer ON delivery BEGIN
        INSERT INTO step (delivery, state, answer, at) VALUES (new.id, new.state, new.answer, new.at);
    END;",
    "ALTER TABLE delivery RENAME COLUMN area TO subject;
    ALTER TABLE delivery RENAME COLUMN area_name TO subject_name;
    ALTER TABLE delivery ADD COLUMN language TEXT NOT NULL DEFAULT 'en';
    DROP INDEX once;
    CREATE UNIQUE INDEX once ON delivery (sha256, kind, subject, language, format, recipient) WHERE superseded = 0;",
    "CREATE TABLE rehearsal (
        id INTEGER PRIMARY KEY,
        message TEXT NOT NULL,
        run TEXT NOT NULL,
        subject_names TEXT NOT NULL,
        address TEXT NOT NULL,
        state TEXT NOT NULL,
        answer TEXT NOT NULL,
        at TEXT NOT NULL
    ) STRICT;",
];
