//! Entering and leaving templates: `template`, `include`, `tpl`.

use super::frame::{Base, Dot, Frame, FrameKind, Handle, Included, State, Variable};
use super::{Fault, Flow, INCLUDE_DEPTH, Observer, Vm};
use crate::limits::Limit;
use crate::template::error::ExecCause;
use crate::template::no_value::without_no_value;
use crate::template::program::{Address, Program};
use crate::template::set::Overlay;
use crate::value::{Repr, Str, Value};
use std::rc::Rc;

/// From here on the actions of a text given to `tpl` are counted before it is parsed.
const LONG_TEXT: usize = 1 << 16;

impl<O: Observer> Vm<'_, O> {
    pub(super) fn push_frame(
        &mut self,
        template: Handle,
        kind: FrameKind,
        dot: Value,
        interface: bool,
        depth: u32,
        overlay: Option<Rc<Overlay>>,
    ) {
        let base = Base {
            stack: self.stack.len(),
            variables: self.variables.len(),
            dots: self.dots.len(),
            loops: self.loops.len(),
            calls: self.calls.len(),
            output: self.output.len(),
        };
        self.variables_base = base.variables;
        self.variables.push(Variable {
            value: dot.clone(),
            state: State::of(interface),
        });
        self.dots.push(Dot {
            value: dot,
            interface,
        });
        let address = match &template {
            Handle::Set(number) => self.set.template(*number).entry,
            Handle::Owned(template) => template.entry,
        };
        self.frames.push(Frame {
            template,
            address,
            at: None,
            kind,
            depth,
            overlay,
            base,
        });
    }

    /// The template of this name, those of `tpl` texts around first.
    pub(super) fn lookup(&self, name: &[u8]) -> Option<Handle> {
        let overlay = self.frames.last().and_then(|frame| frame.overlay.as_ref());
        if let Some(overlay) = overlay
            && let Some(template) = overlay.lookup(name)
        {
            return Some(Handle::Owned(template));
        }
        self.set.number(name).map(Handle::Set)
    }

    #[allow(
        clippy::too_many_arguments,
        reason = "the parts of a frame, which is made here only"
    )]
    pub(super) fn enter(
        &mut self,
        program: &Program,
        address: Address,
        template: Handle,
        kind: FrameKind,
        dot: Value,
        depth: u32,
        overlay: Option<Rc<Overlay>>,
    ) -> Result<(), Fault> {
        self.turn()?;
        if self.frames.len() as u64 >= self.limits.frames {
            return Err(self.exceeded(Limit::Frames));
        }
        if O::ACTIVE {
            let place = self.place(program, address);
            let name = match &template {
                Handle::Set(number) => self.set.template(*number).name(),
                Handle::Owned(template) => template.name(),
            };
            self.observer.entered(name, place);
        }
        self.push_frame(template, kind, dot, false, depth, overlay);
        Ok(())
    }

    /// Begins `include` with the name and the data on the stack.
    pub(super) fn include(&mut self, program: &Program, address: Address) -> Result<Flow, Fault> {
        let data = self.pop();
        let name = text_of(self.pop());
        let number = self.set.number(&name);
        let count = match number {
            Some(number) => self.includes.get(number as usize),
            None => self.other_includes.get(&name),
        };
        if let Some(count) = count {
            if *count > INCLUDE_DEPTH {
                return Err(Box::new(ExecCause::Recursion(name)));
            }
            if u64::from(*count) > self.limits.include_depth {
                return Err(self.exceeded(Limit::IncludeDepth));
            }
        }
        let overlay = self.frames.last().and_then(|frame| frame.overlay.as_ref());
        let laid_over = overlay.and_then(|overlay| overlay.lookup(&name));
        let template = match (laid_over, number) {
            (Some(template), _) => Handle::Owned(template),
            (None, Some(number)) => Handle::Set(number),
            (None, None) => return Err(Box::new(ExecCause::NoTemplate(name))),
        };
        let included = match number {
            Some(number) => Included::Set(number),
            None => Included::Other(name),
        };
        if let Some(count) = self.include_count(&included) {
            *count += 1;
        }
        let Some(frame) = self.frames.last_mut() else {
            return Ok(Flow::Done);
        };
        frame.address = address;
        let overlay = frame.overlay.clone();
        self.enter(
            program,
            address,
            template,
            FrameKind::Include(included),
            data,
            0,
            overlay,
        )?;
        Ok(Flow::Frame)
    }

    /// How often `include` of this name is under way.
    fn include_count(&mut self, included: &Included) -> Option<&mut u32> {
        match included {
            Included::Set(number) => {
                let place = *number as usize;
                if place >= self.includes.len() {
                    self.includes.resize(place + 1, 0);
                }
                self.includes.get_mut(place)
            }
            Included::Other(name) => Some(self.other_includes.entry(name.clone()).or_default()),
        }
    }

    /// Begins `tpl` with the text and the data on the stack.
    pub(super) fn tpl(&mut self, program: &Program, address: Address) -> Result<Flow, Fault> {
        let data = self.pop();
        let text = text_of(self.pop());
        self.charge_parse(&text)?;
        let parsed = match self.set.tpl(&text) {
            Ok(parsed) => parsed,
            Err(error) => return Err(Box::new(ExecCause::Parse { text, error })),
        };
        let outer = self.frames.last().and_then(|frame| frame.overlay.as_ref());
        let is_known = |name: &[u8]| {
            outer.is_some_and(|outer| outer.lookup(name).is_some())
                || self.set.number(name).is_some()
        };
        let (overlay, root) = Overlay::new(&parsed, outer, is_known);
        self.note_address(address);
        let overlay = Some(Rc::new(overlay));
        self.enter(
            program,
            address,
            Handle::Owned(root),
            FrameKind::Tpl(text),
            data,
            0,
            overlay,
        )?;
        Ok(Flow::Frame)
    }

    /// Counts what it takes to parse a text: each action becomes nodes and instructions.
    fn charge_parse(&mut self, text: &[u8]) -> Result<(), Fault> {
        if self.context.note(text.len().saturating_mul(8)) {
            self.context.look()?;
        }
        if text.len() > LONG_TEXT {
            let actions = memchr::memmem::find_iter(text, b"{{").count();
            let bytes = actions.saturating_mul(crate::template::ACTION) as u64;
            let most = self.limits.memory;
            if bytes > most {
                return Err(self.exceeded(Limit::Memory));
            }
        }
        Ok(())
    }

    pub(super) fn leave(&mut self) -> Flow {
        let Some(frame) = self.frames.pop() else {
            return Flow::Done;
        };
        let base = frame.base;
        self.stack.truncate(base.stack);
        self.variables.truncate(base.variables);
        self.variables_base = self.frames.last().map_or(0, |frame| frame.base.variables);
        self.dots.truncate(base.dots);
        self.loops.truncate(base.loops);
        self.calls.truncate(base.calls);
        if O::ACTIVE && !matches!(frame.kind, FrameKind::File) {
            self.observer.left();
        }
        let text = self.output.get(base.output..).unwrap_or_default();
        let result = match frame.kind {
            FrameKind::File => return Flow::Done,
            FrameKind::Template => return Flow::Frame,
            FrameKind::Include(included) => {
                let result = Str::from(text);
                if let Some(count) = self.include_count(&included) {
                    *count -= 1;
                }
                result
            }
            FrameKind::Tpl(_) => Str::from(without_no_value(text).as_ref()),
        };
        self.output.truncate(base.output);
        self.push(result.into(), false);
        if let Some(frame) = self.frames.last_mut() {
            frame.address += 1;
        }
        Flow::Text
    }
}

/// The text of a value that was checked to be one.
fn text_of(value: Value) -> Str {
    match value.0 {
        Repr::Str(text) => text,
        _ => Str::default(),
    }
}
