//! Hooks: resources run at an event instead of being installed.

/// An event at which hooks run.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum HookEvent {
    /// Before the first installation.
    PreInstall,
    /// After the first installation.
    PostInstall,
    /// Before deletion.
    PreDelete,
    /// After deletion.
    PostDelete,
    /// Before an upgrade.
    PreUpgrade,
    /// After an upgrade.
    PostUpgrade,
    /// Before a rollback.
    PreRollback,
    /// After a rollback.
    PostRollback,
    /// On `helm test`.
    Test,
}

impl HookEvent {
    /// Returns the event an annotation's word names, in any case and with white
    /// space around it.
    pub fn parse(word: &str) -> Option<HookEvent> {
        let word = word.trim().to_lowercase();
        Some(match word.as_str() {
            "pre-install" => HookEvent::PreInstall,
            "post-install" => HookEvent::PostInstall,
            "pre-delete" => HookEvent::PreDelete,
            "post-delete" => HookEvent::PostDelete,
            "pre-upgrade" => HookEvent::PreUpgrade,
            "post-upgrade" => HookEvent::PostUpgrade,
            "pre-rollback" => HookEvent::PreRollback,
            "post-rollback" => HookEvent::PostRollback,
            // The second word is Helm 2's.
            "test" | "test-success" => HookEvent::Test,
            _ => return None,
        })
    }

    /// Returns the word that names the event in an annotation.
    pub const fn name(self) -> &'static str {
        match self {
            HookEvent::PreInstall => "pre-install",
            HookEvent::PostInstall => "post-install",
            HookEvent::PreDelete => "pre-delete",
            HookEvent::PostDelete => "post-delete",
            HookEvent::PreUpgrade => "pre-upgrade",
            HookEvent::PostUpgrade => "post-upgrade",
            HookEvent::PreRollback => "pre-rollback",
            HookEvent::PostRollback => "post-rollback",
            HookEvent::Test => "test",
        }
    }
}
