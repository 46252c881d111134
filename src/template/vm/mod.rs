//! The machine that executes programs: templates and data enter, text leaves.
//!
//! Templates under way are frames on a stack of the machine's own, whether they were entered by `template`,
//! `include` or `tpl`; so their depth is bounded by [`Limits`] and not by the thread. All output goes to one
//! buffer: what an `include` or `tpl` wrote is cut off its end and becomes a value.
//!
//! Whether Go would see the value on top of the stack as an `interface {}` decides some error texts; the machine
//! keeps that for the top alone ([`Vm::interface`]), as it matters only right after the value was made.
//!
//! Go: `text/template` exec; helm: `pkg/engine`, `include` and `tpl`.

mod access;
mod argument;
mod context;
mod entry;
mod fields;
mod frame;
mod intrinsic;
mod iteration;
mod memory;
mod observer;
#[cfg(test)]
mod tests;
mod trace;
mod variables;

use super::ast::{NodeId, NodeKind};
use super::by_name::ByName;
use super::codegen::{literal_for, may_be_nil};
use super::error::{ExecCause, ExecError};
use super::func::{Args, Comparison, FuncError};
use super::program::{Address, Op, Program, Template};
use super::set::{Environment, TemplateSet};
use crate::limits::{self, Exceeded, Limit, Limits};
use crate::value::print::print_action;
use crate::value::{Repr, Str, Value};
use context::Context;
use frame::{Dot, Frame, FrameKind, Loop, PendingCall, Variable};

pub(super) use frame::Handle;
pub use observer::{Observer, Place, Unobserved};

/// How deep `{{ template }}` may nest in Go.
const TEMPLATE_DEPTH: u32 = 100_000;
/// How often helm lets `include` of one name nest, less one.
const INCLUDE_DEPTH: u32 = 1000;

/// Why an instruction did not succeed. Boxed: it is rare, and results should be small.
type Fault = Box<ExecCause>;

#[cold]
fn message<const N: usize>(parts: [&[u8]; N]) -> Fault {
    Box::new(ExecCause::Message(parts.concat()))
}

#[cold]
fn call_fault(function: &[u8], error: FuncError) -> Fault {
    if let FuncError::Limit(exceeded) = error {
        return exceeded.into();
    }
    Box::new(ExecCause::Call {
        function: function.to_vec(),
        error,
    })
}

impl From<Exceeded> for Fault {
    #[cold]
    fn from(exceeded: Exceeded) -> Fault {
        Box::new(ExecCause::Limit(exceeded.to_string().into_bytes()))
    }
}

/// What goes on after an instruction.
enum Flow {
    /// The next instruction.
    Next,
    /// The instruction at this address.
    Jump(Address),
    /// Another frame.
    Frame,
    /// Another frame, to which the text on top was returned.
    Text,
    /// Nothing: the file is done.
    Done,
}

/// A render of one file.
pub(super) struct Vm<'s, O> {
    set: &'s TemplateSet,
    observer: O,
    context: Context<'s>,
    output: Vec<u8>,
    stack: Vec<Value>,
    /// Whether Go would see the top of the stack as an `interface {}`.
    interface: bool,
    variables: Vec<Variable>,
    /// Where those of the template under way begin.
    variables_base: usize,
    dots: Vec<Dot>,
    loops: Vec<Loop>,
    calls: Vec<PendingCall>,
    frames: Vec<Frame>,
    /// How often `include` is under way, for each template of the set.
    includes: Vec<u32>,
    /// The same for names that only `tpl` texts define.
    other_includes: ByName<Str, u32>,
    /// The node of a fault, where it is not that of the instruction.
    fault_node: Option<NodeId>,
    /// Steps that may still be made.
    steps: u64,
    /// Bytes of output that there may be, when this file is done.
    output_limit: u64,
    limits: Limits,
}

impl<'s, O: Observer> Vm<'s, O> {
    pub(super) fn new(set: &'s TemplateSet, environment: &'s Environment<'s>, observer: O) -> Self {
        let limits = environment.limits;
        Self {
            set,
            observer,
            context: Context::new(environment),
            output: Vec::with_capacity(1024),
            stack: Vec::with_capacity(16),
            interface: false,
            variables: Vec::with_capacity(8),
            variables_base: 0,
            dots: Vec::with_capacity(8),
            loops: Vec::new(),
            calls: Vec::new(),
            frames: Vec::with_capacity(8),
            includes: Vec::new(),
            other_includes: ByName::default(),
            fault_node: None,
            steps: limits.steps.saturating_sub(limits::spent(Limit::Steps)),
            output_limit: limits.output.saturating_sub(limits::spent(Limit::Output)),
            limits,
        }
    }

    /// Executes a template of the set.
    pub(super) fn execute(mut self, template: u32, data: &Value) -> Result<Vec<u8>, ExecError> {
        self.push_frame(
            Handle::Set(template),
            FrameKind::File,
            data.clone(),
            false,
            0,
            None,
        );
        let result = self.run();
        let left = limits::spent(Limit::Steps).saturating_add(self.steps);
        // What is over is told by whoever uses more.
        let _ = limits::spend(Limit::Steps, self.limits.steps.saturating_sub(left));
        let _ = limits::spend(Limit::Output, self.output.len() as u64);
        match result {
            Ok(()) => Ok(self.output),
            Err(fault) => Err(self.error(*fault)),
        }
    }

    /// Counts a turn of a loop, or an execution of a template.
    #[inline]
    fn turn(&mut self) -> Result<(), Fault> {
        let Some(steps) = self.steps.checked_sub(1) else {
            return Err(self.exceeded(Limit::Steps));
        };
        self.steps = steps;
        if self.output.len() as u64 > self.output_limit {
            return Err(self.exceeded(Limit::Output));
        }
        if steps & 0xFF == 0 {
            limits::check()?;
        }
        Ok(())
    }

    #[cold]
    fn exceeded(&self, limit: Limit) -> Fault {
        Exceeded::new(limit, self.limits.get(limit)).into()
    }

    fn run(&mut self) -> Result<(), Fault> {
        let set = self.set;
        loop {
            let Some(frame) = self.frames.last() else {
                return Ok(());
            };
            let (handle, mut address) = (frame.template.clone(), frame.address);
            let template: &Template = match &handle {
                Handle::Set(number) => set.template(*number),
                Handle::Owned(template) => template,
            };
            let program = &*template.program;
            loop {
                let op = program.code[address as usize];
                match self.step(program, op, address) {
                    Ok(Flow::Next) => address += 1,
                    Ok(Flow::Jump(target)) => address = target,
                    Ok(Flow::Frame) => break,
                    Ok(Flow::Text) => {
                        if let Err(fault) = self.made_on_top() {
                            if let Some(frame) = self.frames.last_mut() {
                                frame.address -= 1;
                            }
                            return Err(fault);
                        }
                        break;
                    }
                    Ok(Flow::Done) => return Ok(()),
                    Err(fault) => {
                        self.note_address(address);
                        return Err(fault);
                    }
                }
            }
        }
    }

    fn note_address(&mut self, address: Address) {
        if let Some(frame) = self.frames.last_mut() {
            frame.address = address;
        }
    }

    #[inline]
    fn pop(&mut self) -> Value {
        self.stack.pop().unwrap_or_default()
    }

    /// The value an instruction works on. There always is one: the compiler sees to that.
    #[inline]
    fn top(&self) -> &Value {
        self.stack.last().unwrap_or(&Value::NIL)
    }

    /// Takes the top away without moving it, as [`Vm::pop`] would.
    #[inline]
    fn drop_top(&mut self) {
        self.stack.truncate(self.stack.len().saturating_sub(1));
    }

    #[inline]
    fn push(&mut self, value: Value, interface: bool) {
        self.stack.push(value);
        self.interface = interface;
    }

    // Inlined for its only caller's sake: this is the loop in which all time is spent.
    #[inline(always)]
    fn step(&mut self, program: &Program, op: Op, address: Address) -> Result<Flow, Fault> {
        match op {
            Op::Text(span) => {
                let start = self.output.len();
                self.output.extend_from_slice(program.ast.text(span));
                self.wrote(program, address, start);
            }
            Op::Print => {
                let start = self.output.len();
                match self.stack.last().unwrap_or(&Value::NIL) {
                    Value(Repr::Str(text)) => self.output.extend_from_slice(text),
                    value => {
                        print_action(value, &mut self.output);
                        if limits::is_tripped()
                            && let Some(exceeded) = limits::exceeded()
                        {
                            return Err(exceeded.into());
                        }
                    }
                }
                self.drop_top();
                self.wrote(program, address, start);
                if self.output.len() as u64 > self.output_limit {
                    return Err(self.exceeded(Limit::Output));
                }
            }
            Op::Drop => self.drop_top(),
            Op::Dot => {
                if let Some(dot) = self.dots.last() {
                    let (value, interface) = (dot.value.clone(), dot.interface);
                    self.push(value, interface);
                }
            }
            Op::Constant(index) => {
                let value = program.constants[index as usize].clone();
                self.push(value, false);
            }
            Op::Nil => self.push(Value::NIL, false),
            Op::Load(slot) => self.load(slot, program, address)?,
            Op::LoadFirst(chain) => {
                let slot = self.first_set(program, chain);
                self.load(slot, program, address)?;
            }
            Op::Store(slot) => self.store(slot),
            Op::Take(slot) => {
                let value = self.pop();
                self.set_variable(slot, value, false);
            }
            Op::StoreFirst(chain) => {
                let slot = self.first_set(program, chain);
                if !self.is_set(slot) {
                    return Err(self.undefined(program, address));
                }
                self.store(slot);
            }
            Op::Clear { from, to } => {
                let base = self.variables_base;
                for slot in from..to {
                    if let Some(variable) = self.variables.get_mut(base + slot as usize) {
                        *variable = Variable::default();
                    }
                }
            }
            Op::Fields(names) => {
                let (value, interface) = (self.pop(), self.interface);
                let text = program.ast.source().text();
                let fields = program.ast.names(names);
                let (value, interface) = self.fields(fields, text, value, interface, None)?;
                self.push(value, interface);
            }
            Op::ChainFields(index) => {
                let chain = program.chains[index as usize];
                let (value, interface) = (self.pop(), self.interface);
                let text = program.ast.source().text();
                let fields = program.ast.names(chain.names);
                let node = Some(chain.node);
                let (value, interface) = self.fields(fields, text, value, interface, node)?;
                self.push(value, interface);
            }
            Op::DotFields(names) => self.dot_fields(program, names)?,
            Op::Concrete => self.interface = false,
            Op::Check(ty) => self.check(program.types[ty as usize])?,
            Op::Rotate(count) => {
                let from = self.stack.len().saturating_sub(count as usize + 1);
                if let Some(values) = self.stack.get_mut(from..) {
                    values.rotate_left(1);
                }
                self.interface = false;
            }
            Op::Call {
                function,
                arguments,
            } => {
                let def = program.functions[function as usize];
                let from = self.stack.len().saturating_sub(arguments as usize);
                let mut bytes = 0;
                for value in &mut self.stack[from..] {
                    match &value.0 {
                        Repr::Str(text) => bytes += text.len(),
                        Repr::Object(object) => {
                            if let Some(copy) = object.passed() {
                                *value = copy;
                            }
                        }
                        _ => {}
                    }
                }
                let result = (def.call)(&mut self.context, Args(&self.stack[from..]));
                match result {
                    Ok(value) => {
                        let made = match &value.0 {
                            Repr::Str(text) => text.len(),
                            Repr::Bool(_) | Repr::Int(..) | Repr::Nil => 0,
                            _ => value.fresh_bytes(),
                        };
                        self.context.made(made);
                        bytes += made;
                        self.stack.truncate(from);
                        self.push(value, def.returns_any);
                        if self.context.note(bytes) {
                            self.account()?;
                        }
                    }
                    Err(error) => return Err(call_fault(def.name.as_bytes(), error)),
                }
            }
            Op::Method(site) => {
                return self.begin_method(program, program.methods[site as usize], address);
            }
            Op::MethodLiteral { node, argument } => {
                let ty = self.method_param(argument);
                let value = if matches!(program.ast.node(node).kind, NodeKind::Nil) {
                    if !may_be_nil(ty) {
                        return Err(message([b"cannot assign nil to ", ty.name().as_bytes()]));
                    }
                    Value::NIL
                } else {
                    literal_for(&program.ast, node, ty)
                        .map_err(|text| Box::new(ExecCause::Message(text)))?
                };
                self.push(value, false);
            }
            Op::MethodCheck(argument) => {
                let ty = self.method_param(argument);
                self.check(ty)?;
            }
            Op::MethodCall(arguments) => {
                let Some(call) = self.calls.pop() else {
                    return Ok(Flow::Next);
                };
                let from = self.stack.len().saturating_sub(arguments as usize);
                let result = (call.method.call)(&call.receiver, &self.stack[from..]);
                let value = result
                    .map_err(|error| call_fault(call.method.name.as_bytes(), error.into()))?;
                self.stack.truncate(from);
                self.push(value, false);
                self.made_on_top()?;
            }
            Op::Not => {
                let truth = self.top().is_true();
                self.drop_top();
                self.push(Value::bool(!truth), false);
            }
            Op::Len => {
                let length = intrinsic::len(self.top(), self.interface);
                let length = length.map_err(|text| failed("len", text))?;
                self.drop_top();
                self.push(length, false);
            }
            Op::Index(arguments) => {
                let from = self.stack.len().saturating_sub(arguments as usize);
                let (value, interface) =
                    intrinsic::index(&self.stack[from..]).map_err(|text| failed("index", text))?;
                self.stack.truncate(from);
                self.push(value, interface);
            }
            Op::Compare(comparison, arguments) => {
                let from = self.stack.len().saturating_sub(arguments as usize);
                let result = intrinsic::compare(comparison, &self.stack[from..]);
                let truth = result.map_err(|text| failed(comparison_name(comparison), text))?;
                self.stack.truncate(from);
                self.push(Value::bool(truth), false);
            }
            Op::CallValue { arguments, shown } => {
                let from = self.stack.len().saturating_sub(arguments as usize);
                let shown = shown.map(|node| {
                    let mut text = Vec::new();
                    super::print::print(program.ast(), node, &mut text);
                    text
                });
                let function = self.stack.get(from).unwrap_or(&Value::NIL);
                return Err(failed("call", intrinsic::call(function, shown)));
            }
            Op::Short { on, target } => {
                if self.stack.last().is_some_and(Value::is_true) == on {
                    self.note_visit(program, address);
                    return Ok(Flow::Jump(target));
                }
                self.drop_top();
            }
            Op::Nip => {
                let value = self.pop();
                self.pop();
                self.stack.push(value);
            }
            Op::At(node) => {
                if let Some(frame) = self.frames.last_mut() {
                    frame.at = Some(node);
                }
            }
            Op::Fail(index) => return Err(message([&program.messages[index as usize]])),
            Op::Include => return self.include(program, address),
            Op::Tpl => return self.tpl(program, address),
            Op::Jump(target) => return Ok(Flow::Jump(target)),
            Op::If(otherwise) => {
                let truth = self.top().is_true();
                self.drop_top();
                self.decided(program, address, truth);
                if !truth {
                    return Ok(Flow::Jump(otherwise));
                }
            }
            Op::With(otherwise) => {
                let value = self.pop();
                let truth = value.is_true();
                self.decided(program, address, truth);
                if !truth {
                    return Ok(Flow::Jump(otherwise));
                }
                self.dots.push(Dot {
                    value,
                    interface: false,
                });
            }
            Op::EndWith => {
                self.dots.pop();
            }
            Op::Range { range, otherwise } => {
                let value = self.pop();
                let two = program.ranges[range as usize].index.is_some();
                let items = self.items(value, two)?;
                self.decided(program, address, items.is_some());
                match items {
                    Some(items) => self.loops.push(Loop {
                        items,
                        dots: self.dots.len(),
                    }),
                    None => return Ok(Flow::Jump(otherwise)),
                }
            }
            Op::Next { range, end } => {
                let variables = program.ranges[range as usize];
                return self.next_item(variables, end, program);
            }
            Op::Break(end) => {
                self.end_loop();
                return Ok(Flow::Jump(end));
            }
            Op::Template(name) => {
                let name = program.ast.bytes(name);
                if self.lookup(name).is_none() {
                    let name = crate::gostd::strconv::quote(name);
                    return Err(message([b"template ", name.as_bytes(), b" not defined"]));
                }
                if self
                    .frames
                    .last()
                    .is_some_and(|frame| frame.depth >= TEMPLATE_DEPTH)
                {
                    let depth = TEMPLATE_DEPTH;
                    return Err(Box::new(ExecCause::Message(
                        format!("exceeded maximum template depth ({depth})").into_bytes(),
                    )));
                }
                let depth = self.frames.last().map_or(0, |frame| frame.depth);
                if u64::from(depth) >= self.limits.template_depth {
                    return Err(self.exceeded(Limit::TemplateDepth));
                }
            }
            Op::Enter(name) => {
                let dot = self.pop();
                let Some(template) = self.lookup(program.ast.bytes(name)) else {
                    return Ok(Flow::Next);
                };
                let Some(frame) = self.frames.last_mut() else {
                    return Ok(Flow::Done);
                };
                frame.address = address + 1;
                let (depth, overlay) = (frame.depth + 1, frame.overlay.clone());
                self.enter(
                    program,
                    address,
                    template,
                    FrameKind::Template,
                    dot,
                    depth,
                    overlay,
                )?;
                return Ok(Flow::Frame);
            }
            Op::Return => return Ok(self.leave()),
        }
        Ok(Flow::Next)
    }

    #[inline]
    fn wrote(&mut self, program: &Program, address: Address, start: usize) {
        if O::ACTIVE {
            let base = self.capture_start();
            let place = self.place(program, address);
            self.observer
                .wrote(place, start - base..self.output.len() - base);
        }
    }

    #[inline]
    fn decided(&mut self, program: &Program, address: Address, taken: bool) {
        if O::ACTIVE {
            let place = self.place(program, address);
            self.observer.decided(place, taken);
        }
    }

    /// Where the output of the execution under way begins.
    fn capture_start(&self) -> usize {
        let captures = |frame: &&Frame| !matches!(frame.kind, FrameKind::Template);
        self.frames
            .iter()
            .rev()
            .find(captures)
            .map_or(0, |frame| frame.base.output)
    }

    fn place<'p>(&self, program: &'p Program, address: Address) -> Place<'p> {
        let noted = || self.frames.last().and_then(|frame| frame.at);
        Place {
            program,
            node: program
                .nodes
                .get(address as usize)
                .copied()
                .flatten()
                .or_else(noted),
        }
    }
}

#[cold]
fn failed(function: &str, text: Vec<u8>) -> Fault {
    call_fault(function.as_bytes(), FuncError::Message(text))
}

fn comparison_name(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Equal => "eq",
        Comparison::NotEqual => "ne",
        Comparison::Less => "lt",
        Comparison::LessOrEqual => "le",
        Comparison::Greater => "gt",
        Comparison::GreaterOrEqual => "ge",
    }
}
