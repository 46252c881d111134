//! How much memory another process took.
//!
//! The system's account of a child (`getrusage`) begins with the peak of the process it was started from, which is that of
//! all our tests together; what /proc tells is its own.

/// The most memory that a process and its children have had so far, in KiB; 0 where the system does not tell.
pub fn most_memory(id: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let own = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    let children = std::fs::read_to_string(format!("/proc/{id}/task/{id}/children"));
    let children = children.unwrap_or_default();
    let children = children.split_whitespace().filter_map(|id| id.parse().ok());
    own.unwrap_or_default() + children.map(most_memory).sum::<u64>()
}
