//! What the machine keeps while templates are under way.

use super::iteration::Items;
use crate::template::ast::NodeId;
use crate::template::program::{Address, Template};
use crate::template::set::Overlay;
use crate::value::{Method, Str, Value};
use std::rc::Rc;
use std::sync::Arc;

/// A template being executed.
pub(super) struct Frame {
    pub template: Handle,
    /// The instruction under way, while others are.
    pub address: Address,
    /// The node visited last, where only execution tells.
    pub at: Option<NodeId>,
    pub kind: FrameKind,
    /// How deep `{{ template }}` has nested since the file, an `include` or a `tpl`.
    pub depth: u32,
    /// What `tpl` texts around this added to the set.
    pub overlay: Option<Rc<Overlay>>,
    /// Where its part of the stacks begins.
    pub base: Base,
}

/// Lengths of the stacks.
#[derive(Clone, Copy, Default)]
pub(super) struct Base {
    pub stack: usize,
    pub variables: usize,
    pub dots: usize,
    pub loops: usize,
    pub calls: usize,
    pub output: usize,
}

/// How a template was entered.
pub(super) enum FrameKind {
    File,
    Template,
    Include(Included),
    Tpl(Str),
}

/// What an `include` was counted under: its name, which most often is that of a template of the set.
pub(super) enum Included {
    Set(u32),
    Other(Str),
}

/// A template of the set, by number, or one of a `tpl` text.
#[derive(Clone)]
pub(in crate::template) enum Handle {
    Set(u32),
    Owned(Arc<Template>),
}

/// A variable, with whether it came out of an interface as Go sees it.
#[derive(Clone, Default)]
pub(super) struct Variable {
    pub value: Value,
    pub state: State,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum State {
    #[default]
    Unset,
    Concrete,
    Interface,
}

impl State {
    pub fn of(interface: bool) -> Self {
        if interface {
            Self::Interface
        } else {
            Self::Concrete
        }
    }
}

pub(super) struct Dot {
    pub value: Value,
    pub interface: bool,
}

/// A call of a method whose arguments are being evaluated.
pub(super) struct PendingCall {
    pub method: &'static Method,
    pub receiver: Value,
}

/// A loop under way.
pub(super) struct Loop {
    pub items: Items,
    /// Number of dots outside of it.
    pub dots: usize,
}
