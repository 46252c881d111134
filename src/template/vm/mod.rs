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
mod frame;
mod intrinsic;
mod limits;
mod observer;

use super::ast::NodeId;
use super::codegen::{literal_for, may_be_nil};
use super::error::{ExecCause, ExecError, ExecFrame, ExecLevel, ExecLink};
use super::func::{Args, CallContext, Comparison, FuncError};
use super::program::{Address, MethodSite, Names, Op, Program, RangeVariables, Target, Template};
use super::set::{Environment, Overlay, TemplateSet};
use crate::diag::Diagnostic;
use crate::host::Host;
use crate::value::print::{print_action, print_value};
use crate::value::{ElemType, ParamType, Repr, Str, Value};
use frame::{Base, Dot, Frame, FrameKind, Items, Loop, PendingCall, State, Variable};
use std::collections::HashMap;
use std::rc::Rc;

pub(super) use frame::Handle;
pub use limits::Limits;
pub use observer::{Observer, Place, Unobserved};

/// Why an instruction did not succeed. Boxed: it is rare, and results should be small.
type Fault = Box<ExecCause>;

#[cold]
fn message<const N: usize>(parts: [&[u8]; N]) -> Fault {
    Box::new(ExecCause::Message(parts.concat()))
}

#[cold]
fn call_fault(function: &[u8], error: FuncError) -> Fault {
    Box::new(ExecCause::Call {
        function: function.to_vec(),
        error,
    })
}

#[cold]
fn limit(what: &str) -> Fault {
    Box::new(ExecCause::Limit(
        format!("render limit reached: {what}").into_bytes(),
    ))
}

/// What goes on after an instruction.
enum Flow {
    /// The next instruction.
    Next,
    /// The instruction at this address.
    Jump(Address),
    /// Another frame.
    Frame,
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
    dots: Vec<Dot>,
    loops: Vec<Loop>,
    calls: Vec<PendingCall>,
    frames: Vec<Frame>,
    /// How often `include` of a name is under way.
    includes: HashMap<Str, u32>,
    /// The node of a fault, where it is not that of the instruction.
    fault_node: Option<NodeId>,
    steps: u64,
    limits: Limits,
}

/// What functions see of the machine.
struct Context<'s> {
    environment: &'s Environment<'s>,
    /// Bytes that may still be made.
    budget: usize,
}

impl CallContext for Context<'_> {
    fn host(&self) -> &dyn Host {
        self.environment.host
    }

    fn is_lint(&self) -> bool {
        self.environment.lint
    }

    fn dns_allowed(&self) -> bool {
        self.environment.dns
    }

    fn log(&mut self, message: Diagnostic) {
        if let Some(sink) = self.environment.sink {
            sink.push(message);
        }
    }

    fn charge(&mut self, bytes: usize) -> Result<(), FuncError> {
        match self.budget.checked_sub(bytes) {
            Some(left) => {
                self.budget = left;
                Ok(())
            }
            None => Err(FuncError::new(
                &b"render limit reached: bytes made by functions"[..],
            )),
        }
    }
}

impl<'s, O: Observer> Vm<'s, O> {
    pub(super) fn new(set: &'s TemplateSet, environment: &'s Environment<'s>, observer: O) -> Self {
        let limits = environment.limits;
        Self {
            set,
            observer,
            context: Context {
                environment,
                budget: limits.made,
            },
            output: Vec::with_capacity(4096),
            stack: Vec::with_capacity(16),
            interface: false,
            variables: Vec::with_capacity(16),
            dots: Vec::with_capacity(16),
            loops: Vec::new(),
            calls: Vec::new(),
            frames: Vec::with_capacity(8),
            includes: HashMap::new(),
            fault_node: None,
            steps: limits.steps,
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
        match self.run() {
            Ok(()) => Ok(self.output),
            Err(fault) => Err(self.error(*fault)),
        }
    }

    fn push_frame(
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

    #[inline]
    fn push(&mut self, value: Value, interface: bool) {
        self.stack.push(value);
        self.interface = interface;
    }

    #[inline]
    fn base(&self) -> Base {
        self.frames
            .last()
            .map(|frame| frame.base)
            .unwrap_or_default()
    }

    #[inline]
    fn step(&mut self, program: &Program, op: Op, address: Address) -> Result<Flow, Fault> {
        match op {
            Op::Text(span) => {
                let start = self.output.len();
                self.output.extend_from_slice(program.ast.text(span));
                self.wrote(program, address, start);
            }
            Op::Print => {
                let value = self.pop();
                let start = self.output.len();
                if let Repr::Str(text) = &value.0 {
                    self.output.extend_from_slice(text);
                } else {
                    print_action(&value, &mut self.output);
                }
                self.wrote(program, address, start);
                if self.output.len() > self.limits.output {
                    return Err(limit("bytes of output"));
                }
            }
            Op::Drop => {
                self.pop();
            }
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
            Op::LoadFirst(index) => {
                let slot = self.first_set(&program.candidates[index as usize]);
                self.load(slot, program, address)?;
            }
            Op::Store(slot) => self.store(slot),
            Op::StoreFirst(index) => {
                let slot = self.first_set(&program.candidates[index as usize]);
                if !self.is_set(slot) {
                    return Err(self.undefined(program, address));
                }
                self.store(slot);
            }
            Op::Clear { from, to } => {
                let base = self.base().variables;
                for slot in from..to {
                    if let Some(variable) = self.variables.get_mut(base + slot as usize) {
                        *variable = Variable::default();
                    }
                }
            }
            Op::Fields(names) => {
                let receiver = self.pop();
                let interface = self.interface;
                let (value, interface) = self.fields(program, &receiver, interface, names)?;
                self.push(value, interface);
            }
            Op::DotFields(names) => {
                let Some(dot) = self.dots.last() else {
                    return Ok(Flow::Next);
                };
                // Most often dot is a map without methods, which need not be cloned to be read.
                let found = if O::ACTIVE {
                    None
                } else {
                    plain_entry(&dot.value, &program.names[names.first as usize])
                };
                let (value, interface) = match found {
                    Some((value, interface)) => {
                        let rest = Names {
                            first: names.first + 1,
                            count: names.count - 1,
                            ..names
                        };
                        self.fields(program, &value, interface, rest)?
                    }
                    None => {
                        let (value, interface) = (dot.value.clone(), dot.interface);
                        self.fields(program, &value, interface, names)?
                    }
                };
                self.push(value, interface);
            }
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
                let result = (def.call)(&mut self.context, Args(&self.stack[from..]));
                match result {
                    Ok(value) => {
                        self.stack.truncate(from);
                        self.push(value, def.returns_any);
                    }
                    Err(error) => return Err(call_fault(def.name.as_bytes(), error)),
                }
            }
            Op::Method(site) => {
                return self.begin_method(program, program.methods[site as usize], address);
            }
            Op::MethodLiteral { node, argument } => {
                let ty = self.method_param(argument);
                let value = if matches!(program.ast.node(node).kind, super::ast::NodeKind::Nil) {
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
            }
            Op::Not => {
                let value = self.pop();
                self.push(Value::bool(!value.is_true()), false);
            }
            Op::Len => {
                let value = self.pop();
                let length =
                    intrinsic::len(&value, self.interface).map_err(|text| failed("len", text))?;
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
                let shown = shown.map(|index| &*program.messages[index as usize]);
                let function = self.stack.get(from).unwrap_or(&Value::NIL);
                return Err(failed("call", intrinsic::call(function, shown)));
            }
            Op::Short { on, target } => {
                if self.stack.last().is_some_and(Value::is_true) == on {
                    self.note_visit(program, address);
                    return Ok(Flow::Jump(target));
                }
                self.pop();
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
                if !self.pop().is_true() {
                    return Ok(Flow::Jump(otherwise));
                }
            }
            Op::With(otherwise) => {
                let value = self.pop();
                if !value.is_true() {
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
                match self.items(value, two)? {
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
                let name = &program.names[name as usize];
                if self.lookup(name).is_none() {
                    let name = crate::gostd::strconv::quote(name);
                    return Err(message([b"template ", name.as_bytes(), b" not defined"]));
                }
                if self
                    .frames
                    .last()
                    .is_some_and(|frame| frame.depth >= limits::TEMPLATE_DEPTH)
                {
                    let depth = limits::TEMPLATE_DEPTH;
                    return Err(Box::new(ExecCause::Message(
                        format!("exceeded maximum template depth ({depth})").into_bytes(),
                    )));
                }
            }
            Op::Enter(name) => {
                let dot = self.pop();
                let Some(template) = self.lookup(&program.names[name as usize]) else {
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

    fn is_set(&self, slot: u32) -> bool {
        let variable = self.variables.get(self.base().variables + slot as usize);
        variable.is_some_and(|variable| variable.state != State::Unset)
    }

    /// The first of these variables that is set; the last one if none is.
    fn first_set(&self, candidates: &[u32]) -> u32 {
        let first = candidates.iter().copied().find(|slot| self.is_set(*slot));
        first.or(candidates.last().copied()).unwrap_or_default()
    }

    #[inline]
    fn load(&mut self, slot: u32, program: &Program, address: Address) -> Result<(), Fault> {
        match self.variables.get(self.base().variables + slot as usize) {
            Some(variable) if variable.state != State::Unset => {
                let (value, interface) =
                    (variable.value.clone(), variable.state == State::Interface);
                self.push(value, interface);
                Ok(())
            }
            _ => Err(self.undefined(program, address)),
        }
    }

    /// Sets a variable to the top, which a pipeline has made.
    fn store(&mut self, slot: u32) {
        let value = self.stack.last().cloned().unwrap_or_default();
        self.set_variable(slot, value, false);
    }

    fn set_variable(&mut self, slot: u32, value: Value, interface: bool) {
        let place = self.base().variables + slot as usize;
        if place >= self.variables.len() {
            self.variables.resize(place + 1, Variable::default());
        }
        if let Some(variable) = self.variables.get_mut(place) {
            *variable = Variable {
                value,
                state: State::of(interface),
            };
        }
    }

    #[cold]
    fn undefined(&self, program: &Program, address: Address) -> Fault {
        // Only a variable that an argument declares may be unset; the node names it.
        let node = self.place(program, address).node;
        let mut name = Vec::new();
        if let Some(node) = node
            && let super::ast::NodeKind::Variable(names) = &program.ast.node(node).kind
            && let Some(first) = names.first()
        {
            name.extend_from_slice(program.ast.text(*first));
        }
        message([b"undefined variable: ", &name])
    }

    fn check(&mut self, ty: ParamType) -> Result<(), Fault> {
        let interface = self.interface;
        argument::check(self.stack.last().unwrap_or(&Value::NIL), interface, ty)
    }

    /// Follows a chain of fields, calling what turns out to be a method.
    #[inline]
    fn fields(
        &mut self,
        program: &Program,
        receiver: &Value,
        interface: bool,
        names: Names,
    ) -> Result<(Value, bool), Fault> {
        let all = program
            .names
            .get(names.first as usize..(names.first + names.count) as usize)
            .unwrap_or_default();
        let (mut value, mut interface) = (receiver.clone(), interface);
        for name in all {
            if O::ACTIVE {
                self.observer.read(&value, name);
            }
            (value, interface) = match plain_entry(&value, name) {
                Some(found) => found,
                None => self.field(&value, interface, name, names.node)?,
            };
        }
        Ok((value, interface))
    }

    /// Reads one field in the general case.
    fn field(
        &mut self,
        value: &Value,
        interface: bool,
        name: &[u8],
        node: NodeId,
    ) -> Result<(Value, bool), Fault> {
        if value.is_nil() && !interface {
            self.check_strict(name)?;
            return Ok((Value::NIL, false));
        }
        if let Some(method) = access::method_of(value, name) {
            check_arity(method.signature, method.name, 0, false)?;
            if let Some(refused) = method.refused {
                return Err(message([refused.as_bytes()]));
            }
            return match (method.call)(value, &[]) {
                Ok(result) => Ok((result, false)),
                Err(error) => {
                    self.fault_node = Some(node);
                    Err(call_fault(method.name.as_bytes(), error.into()))
                }
            };
        }
        match access::field_of(value, name, self.context.environment.strict)? {
            Some(found) => Ok(found),
            None => Err(access::no_field(value, interface, name)),
        }
    }

    /// Takes the top as the receiver of a method that is given arguments.
    fn begin_method(
        &mut self,
        program: &Program,
        site: MethodSite,
        address: Address,
    ) -> Result<Flow, Fault> {
        let receiver = self.pop();
        let name = &program.names[site.name as usize];
        if O::ACTIVE {
            self.observer.read(&receiver, name);
        }
        if receiver.is_nil() && !self.interface {
            self.check_strict(name)?;
            if site.piped {
                self.pop();
            }
            self.push(Value::NIL, false);
            self.note_visit(program, address);
            return Ok(Flow::Jump(site.skip));
        }
        let Some(method) = access::method_of(&receiver, name) else {
            return Err(access::not_a_method(&receiver, self.interface, name));
        };
        check_arity(
            method.signature,
            method.name,
            site.arguments as usize,
            site.piped,
        )?;
        if let Some(refused) = method.refused {
            return Err(message([refused.as_bytes()]));
        }
        self.calls.push(PendingCall { method, receiver });
        Ok(Flow::Next)
    }

    /// Keeps the node of an instruction for later ones whose node depends on what was executed.
    fn note_visit(&mut self, program: &Program, address: Address) {
        if let (Some(node), Some(frame)) = (program.nodes[address as usize], self.frames.last_mut())
        {
            frame.at = Some(node);
        }
    }

    /// A field of nothing is nothing, unless missing keys are errors.
    fn check_strict(&self, name: &[u8]) -> Result<(), Fault> {
        if !self.context.environment.strict {
            return Ok(());
        }
        let name = crate::gostd::strconv::quote(name);
        Err(message([b"nil data; no entry for key ", name.as_bytes()]))
    }

    fn method_param(&self, argument: u32) -> ParamType {
        let signature = self.calls.last().map(|call| call.method.signature);
        signature
            .and_then(|signature| signature.param(argument as usize))
            .unwrap_or(ParamType::Any)
    }

    /// What a range goes through, `None` if there is nothing.
    fn items(&mut self, value: Value, two_variables: bool) -> Result<Option<Items>, Fault> {
        let items = match &value.0 {
            Repr::Nil => return Ok(None),
            Repr::List(list) => Items::List(list.clone(), 0),
            Repr::Bytes(bytes) => Items::Bytes(bytes.clone(), 0),
            Repr::Map(map) => {
                let entries = map.snapshot();
                let entries: Vec<_> = entries
                    .iter()
                    .map(|(key, value)| (key.clone(), value.clone()))
                    .collect();
                Items::Map {
                    entries: entries.into_iter(),
                    interface: map.ty().elem == ElemType::Any,
                }
            }
            Repr::Int(..) | Repr::Uint(..) if two_variables => {
                return Err(iterate_fault(
                    "can't use ",
                    &value,
                    " to iterate over more than one variable",
                ));
            }
            Repr::Int(ty, end) => Items::Signed {
                ty: *ty,
                next: 0,
                end: *end,
            },
            Repr::Uint(ty, end) => Items::Unsigned {
                ty: *ty,
                next: 0,
                end: *end,
            },
            _ => return Err(iterate_fault("range can't iterate over ", &value, "")),
        };
        Ok(Some(items).filter(|items| !items.is_empty()))
    }

    fn next_item(
        &mut self,
        variables: RangeVariables,
        end: Address,
        program: &Program,
    ) -> Result<Flow, Fault> {
        self.steps = self.steps.checked_sub(1).ok_or_else(|| limit("steps"))?;
        let Some(current) = self.loops.last_mut() else {
            return Ok(Flow::Jump(end));
        };
        let Some(item) = current.items.next() else {
            self.end_loop();
            return Ok(Flow::Jump(end));
        };
        let dots = current.dots;
        self.dots.truncate(dots);
        if let Some(target) = variables.index {
            let slot = self.slot(target, program);
            self.set_variable(slot, item.index, false);
        }
        if let Some(target) = variables.element {
            let slot = self.slot(target, program);
            self.set_variable(slot, item.element.clone(), item.interface);
        }
        self.dots.push(Dot {
            value: item.element,
            interface: item.interface,
        });
        Ok(Flow::Next)
    }

    fn slot(&self, target: Target, program: &Program) -> u32 {
        match target {
            Target::Variable(slot) => slot,
            Target::First(index) => self.first_set(&program.candidates[index as usize]),
        }
    }

    fn end_loop(&mut self) {
        if let Some(ended) = self.loops.pop() {
            self.dots.truncate(ended.dots);
        }
    }

    /// The template of this name, those of `tpl` texts around first.
    fn lookup(&self, name: &[u8]) -> Option<Handle> {
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
    fn enter(
        &mut self,
        program: &Program,
        address: Address,
        template: Handle,
        kind: FrameKind,
        dot: Value,
        depth: u32,
        overlay: Option<Rc<Overlay>>,
    ) -> Result<(), Fault> {
        self.steps = self.steps.checked_sub(1).ok_or_else(|| limit("steps"))?;
        if self.frames.len() >= self.limits.frames {
            return Err(limit("templates within templates"));
        }
        if self.output.len() > self.limits.output {
            return Err(limit("bytes of output"));
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
    fn include(&mut self, program: &Program, address: Address) -> Result<Flow, Fault> {
        let data = self.pop();
        let name = self.pop();
        let name = name.as_str().cloned().unwrap_or_default();
        let count = self.includes.entry(name.clone()).or_default();
        if *count > limits::INCLUDE_DEPTH {
            return Err(Box::new(ExecCause::Recursion(name)));
        }
        let Some(template) = self.lookup(&name) else {
            return Err(Box::new(ExecCause::NoTemplate(name)));
        };
        if let Some(count) = self.includes.get_mut(&name) {
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
            FrameKind::Include(name),
            data,
            0,
            overlay,
        )?;
        Ok(Flow::Frame)
    }

    /// Begins `tpl` with the text and the data on the stack.
    fn tpl(&mut self, program: &Program, address: Address) -> Result<Flow, Fault> {
        let data = self.pop();
        let text = self.pop();
        let text = text.as_str().cloned().unwrap_or_default();
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

    fn leave(&mut self) -> Flow {
        let Some(frame) = self.frames.pop() else {
            return Flow::Done;
        };
        let base = frame.base;
        self.stack.truncate(base.stack);
        self.variables.truncate(base.variables);
        self.dots.truncate(base.dots);
        self.loops.truncate(base.loops);
        self.calls.truncate(base.calls);
        if O::ACTIVE {
            self.observer.left();
        }
        let text = self.output.get(base.output..).unwrap_or_default();
        let result = match frame.kind {
            FrameKind::File => return Flow::Done,
            FrameKind::Template => return Flow::Frame,
            FrameKind::Include(name) => {
                if let Some(count) = self.includes.get_mut(&name) {
                    *count -= 1;
                }
                Str::from(text)
            }
            FrameKind::Tpl(_) => Str::from(without_no_value(text).as_ref()),
        };
        self.output.truncate(base.output);
        self.push(result.into(), false);
        if let Some(frame) = self.frames.last_mut() {
            frame.address += 1;
        }
        Flow::Frame
    }

    /// Turns a fault into an error that knows how execution came there.
    #[cold]
    fn error(self, cause: ExecCause) -> ExecError {
        let mut levels = Vec::new();
        let mut fault_node = self.fault_node;
        let mut link = None;
        let mut is_level = true;
        for frame in self.frames.iter().rev() {
            if is_level {
                let frame = self.exec_frame(frame, fault_node.take());
                levels.push(ExecLevel {
                    frame,
                    link: link.take(),
                });
            }
            is_level = match &frame.kind {
                FrameKind::File | FrameKind::Template => false,
                FrameKind::Include(_) => {
                    link = Some(ExecLink::Include);
                    true
                }
                FrameKind::Tpl(text) => {
                    link = Some(ExecLink::Tpl(text.clone()));
                    true
                }
            };
        }
        levels.reverse();
        ExecError { levels, cause }
    }

    fn exec_frame(&self, frame: &Frame, fault_node: Option<NodeId>) -> ExecFrame {
        let template = match &frame.template {
            Handle::Set(number) => self.set.template(*number),
            Handle::Owned(template) => template,
        };
        let program = &*template.program;
        let node = program
            .nodes
            .get(frame.address as usize)
            .copied()
            .flatten()
            .or(frame.at);
        let node = fault_node.or(node);
        let place = Place { program, node };
        let mut text = Vec::new();
        if let Some(node) = node {
            super::print::print(&program.ast, node, &mut text);
        }
        let position = place.position();
        ExecFrame {
            file: place.source().name().to_vec(),
            line: position.line,
            column: position.column,
            template: template.name.to_vec(),
            node: text,
        }
    }
}

/// The entry of a map without methods, with whether it is in an interface.
#[inline]
fn plain_entry(value: &Value, name: &[u8]) -> Option<(Value, bool)> {
    match &value.0 {
        Repr::Map(map) if map.ty().methods.is_empty() => map
            .get(name)
            .map(|found| (found, map.ty().elem == ElemType::Any)),
        _ => None,
    }
}

/// Removes what Go prints for nil, as helm does with finished files and the results of `tpl`.
pub fn without_no_value(text: &[u8]) -> std::borrow::Cow<'_, [u8]> {
    const NO_VALUE: &[u8] = b"<no value>";
    let find = |text: &[u8]| {
        let mut from = 0;
        while let Some(found) = text
            .get(from..)
            .and_then(|rest| rest.iter().position(|byte| *byte == b'<'))
        {
            if text
                .get(from + found..)
                .is_some_and(|rest| rest.starts_with(NO_VALUE))
            {
                return Some(from + found);
            }
            from += found + 1;
        }
        None
    };
    let Some(mut found) = find(text) else {
        return text.into();
    };
    let mut rest = text;
    let mut out = Vec::with_capacity(text.len());
    loop {
        let (before, after) = rest.split_at(found);
        out.extend_from_slice(before);
        rest = after.get(NO_VALUE.len()..).unwrap_or_default();
        match find(rest) {
            Some(next) => found = next,
            None => break,
        }
    }
    out.extend_from_slice(rest);
    out.into()
}

#[cold]
fn failed(function: &str, text: Vec<u8>) -> Fault {
    call_fault(function.as_bytes(), FuncError::Message(text))
}

#[cold]
fn iterate_fault(before: &str, value: &Value, after: &str) -> Fault {
    let mut shown = Vec::new();
    print_value(value, &mut shown);
    // Go has looked through a pointer.
    let shown = shown.strip_prefix(b"&").unwrap_or(&shown);
    message([before.as_bytes(), shown, after.as_bytes()])
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

fn check_arity(
    signature: crate::value::Signature,
    name: &str,
    arguments: usize,
    piped: bool,
) -> Result<(), Fault> {
    let count = arguments + usize::from(piped);
    let params = signature.params.len();
    let (fits, wanted, got) = if signature.variadic {
        let fixed = params.saturating_sub(1);
        (count >= fixed, format!("at least {fixed}"), arguments)
    } else {
        (count == params, params.to_string(), count)
    };
    if fits {
        return Ok(());
    }
    let text = format!("wrong number of args for {name}: want {wanted} got {got}");
    Err(Box::new(ExecCause::Message(text.into_bytes())))
}
