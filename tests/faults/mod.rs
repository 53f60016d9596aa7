//! Mail servers that break every rule, each with the state that a message must end in. `FAULTS=500 SEED=7 cargo test
//! --release faults` also tries 500 servers that break rules at random.

/// What servers may not do after the message was announced: while it is sent, and once it was.
mod after;
/// What servers may not do before a message is sent.
mod before;
/// Certificates, good and bad.
mod certificates;
/// What servers may not do before and while the connection is encrypted, and when we log in.
mod encryption;
/// Runs the program against a server, and checks what must always hold.
mod office;
/// Servers that break rules at random.
mod random;
/// The server.
mod server;
