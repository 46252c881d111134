//! Bounds of a render. Helm has but few of them; the others keep a hostile chart from taking the machine.

// DIFFERS(helm): without these bounds helm goes on until memory or its stack is full.

/// How deep `{{ template }}` may nest in Go.
pub(super) const TEMPLATE_DEPTH: u32 = 100_000;
/// How often helm lets `include` of one name nest, less one.
pub(super) const INCLUDE_DEPTH: u32 = 1000;

/// What a render may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Turns of loops and executions of templates.
    pub steps: u64,
    /// Templates under way at once, in whatever way they were entered. Helm has no such limit, but dies of a
    /// full stack.
    pub frames: usize,
    /// Bytes of output, those under way within `include` and `tpl` counted too.
    pub output: usize,
    /// Bytes that functions may announce to make, in all.
    pub made: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            steps: 1 << 28,
            frames: 300_000,
            output: 1 << 30,
            made: 16 << 30,
        }
    }
}
