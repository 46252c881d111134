//! Pipelines, commands and arguments, in the order in which Go evaluates them.

use super::literal::natural;
use super::scope::Resolved;
use super::{Generator, Task, literal_for, may_be_nil};
use crate::source::Span;
use crate::template::ast::{NodeId, NodeKind, Part};
use crate::template::func::{FuncDef, Intrinsic};
use crate::template::program::{Chain, MethodSite, Op, Target};
use crate::value::{ParamType, Value};

/// What an argument is wanted for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Want {
    /// A parameter of a function.
    Param(ParamType),
    /// A parameter of a method, which is known when it is called.
    Method(u32),
    /// The operand of a chain: any value will do.
    Operand,
}

impl Generator<'_> {
    /// Evaluates the commands of a pipeline and then does `last`, which sets its variables.
    pub(super) fn pipeline(&mut self, pipe: NodeId, last: Option<Task>) {
        self.current = Some(pipe);
        let NodeKind::Pipe {
            variables,
            commands,
            ..
        } = self.program.ast.node(pipe).kind
        else {
            return;
        };
        self.tasks.extend(last.filter(|_| !variables.is_empty()));
        let count = commands.len();
        let commands = self.program.ast.children(commands);
        for (index, command) in commands.iter().enumerate().rev() {
            if index + 1 < count {
                self.tasks.push(Task::Emit(Op::Concrete));
            }
            self.tasks.push(Task::Command {
                node: *command,
                piped: index > 0,
            });
        }
    }

    /// Sets the variables of an action to the top and takes that away.
    pub(super) fn take(&mut self, pipe: NodeId) {
        self.declare(pipe);
        match self.program.code.last_mut() {
            Some(Op::Store(slot)) => {
                let slot = *slot;
                if let Some(op) = self.program.code.last_mut() {
                    *op = Op::Take(slot);
                }
            }
            _ => self.emit(Op::Drop),
        }
    }

    pub(super) fn declare(&mut self, pipe: NodeId) {
        let NodeKind::Pipe {
            variables, assigns, ..
        } = self.program.ast.node(pipe).kind
        else {
            return;
        };
        for index in 0..variables.len() {
            let Some(variable) = self.child(variables, index) else {
                return;
            };
            let span = self.program.ast.node(variable).span;
            if !assigns {
                let text = self.program.ast.source().text();
                let conditional = (self.conditional > 0).then_some(&mut self.program.candidates);
                let slot = self.scope.declare(span, text, conditional);
                self.emit(Op::Store(slot));
                continue;
            }
            match self.target(variable) {
                Some(Target::Variable(slot)) => self.emit(Op::Store(slot)),
                Some(Target::First(chain)) => self.emit(Op::StoreFirst(chain)),
                None => self.fail_undefined(span),
            }
        }
    }

    /// The variable a name stands for, `None` if nothing of that name was declared.
    pub(super) fn target(&self, variable: NodeId) -> Option<Target> {
        let NodeKind::Variable(names) = self.program.ast.node(variable).kind else {
            return None;
        };
        let name = self.program.ast.names(names).first()?;
        let text = self.program.ast.source().text();
        match self.scope.resolve(name.of(text), text) {
            Resolved::Nothing => None,
            Resolved::One(slot) => Some(Target::Variable(slot)),
            Resolved::FirstOf(chain) => Some(Target::First(chain)),
        }
    }

    fn fail_undefined(&mut self, name: Span) {
        let message = [b"undefined variable: ", self.program.ast.text(name)].concat();
        self.fail(message);
    }

    pub(super) fn command(&mut self, command: NodeId, piped: bool) {
        let NodeKind::Command(operands) = self.program.ast.node(command).kind else {
            return;
        };
        let (_, arguments) = operands.split_at(1);
        let Some(first) = self.child(operands, 0) else {
            return;
        };
        let has_arguments = piped || !arguments.is_empty();
        let kind = self.program.ast.node(first).kind;
        if let NodeKind::Pipe { .. } = kind {
            // Checked before the parenthesis is visited.
            if has_arguments {
                self.fail_not_a_function(first);
            } else {
                self.tasks.push(Task::Pipeline(first));
            }
            return;
        }
        if let NodeKind::Identifier = kind {
            self.function(first, command, arguments, piped);
            return;
        }
        self.current = Some(first);
        match kind {
            NodeKind::Field(names) => self.dot_fields(first, names, arguments, piped),
            NodeKind::Chain { operand, fields } => {
                self.fields(first, fields, arguments, piped, true);
                self.tasks.push(Task::Argument {
                    node: operand,
                    want: Want::Operand,
                });
            }
            NodeKind::Variable(names) => {
                self.load(first);
                let (_, fields) = names.split_at(1);
                if !fields.is_empty() {
                    self.fields(first, fields, arguments, piped, false);
                } else if has_arguments {
                    self.fail_not_a_function(first);
                }
            }
            _ if has_arguments => self.fail_not_a_function(first),
            NodeKind::Bool(value) => self.constant(Value::bool(value)),
            NodeKind::String(text) => {
                let value = Value::string(self.program.ast.bytes(text));
                self.constant(value);
            }
            NodeKind::Number(number) => match natural(&self.program.ast, first, number) {
                Ok(value) => self.constant(value),
                Err(message) => self.fail(message),
            },
            NodeKind::Dot => self.emit(Op::Dot),
            _ => self.fail(&b"nil is not a command"[..]),
        }
    }

    fn child(&self, part: Part<NodeId>, index: usize) -> Option<NodeId> {
        self.program.ast.children(part).get(index).copied()
    }

    fn fail_not_a_function(&mut self, first: NodeId) {
        let message = [
            b"can't give argument to non-function ",
            &self.printed(first)[..],
        ]
        .concat();
        self.fail(message);
    }

    fn load(&mut self, variable: NodeId) {
        match self.target(variable) {
            Some(Target::Variable(slot)) => self.emit(Op::Load(slot)),
            Some(Target::First(chain)) => self.emit(Op::LoadFirst(chain)),
            None => {
                if let NodeKind::Variable(names) = self.program.ast.node(variable).kind
                    && let Some(name) = self.program.ast.names(names).first().copied()
                {
                    self.fail_undefined(name);
                }
            }
        }
    }

    /// `.a.b`, with the arguments and the piped value for its last name.
    fn dot_fields(
        &mut self,
        node: NodeId,
        names: Part<Span>,
        arguments: Part<NodeId>,
        piped: bool,
    ) {
        if arguments.is_empty() && !piped {
            return self.emit(Op::DotFields(names));
        }
        let (names, last) = names.split_at(names.len().saturating_sub(1));
        if names.is_empty() {
            self.emit(Op::Dot);
        } else {
            self.emit(Op::DotFields(names));
        }
        self.method(node, last, arguments, piped);
    }

    /// `.a.b` of the top, with the arguments and the piped value for its last name. As tasks, since the top may
    /// still have to be made.
    fn fields(
        &mut self,
        node: NodeId,
        names: Part<Span>,
        arguments: Part<NodeId>,
        piped: bool,
        chain: bool,
    ) {
        let has_arguments = piped || !arguments.is_empty();
        let (names, last) = if has_arguments {
            names.split_at(names.len().saturating_sub(1))
        } else {
            (names, Part::EMPTY)
        };
        if has_arguments {
            self.method(node, last, arguments, piped);
        }
        if !names.is_empty() {
            let op = if chain {
                self.chain_fields(node, names)
            } else {
                Op::Fields(names)
            };
            self.tasks.push(Task::Emit(op));
        }
    }

    fn chain_fields(&mut self, node: NodeId, names: Part<Span>) -> Op {
        self.program.chains.push(Chain { names, node });
        Op::ChainFields(self.program.chains.len() as u32 - 1)
    }

    /// The call of the field `name` of the top. If the top is nil, so is the result, and the arguments are not
    /// evaluated.
    fn method(&mut self, node: NodeId, name: Part<Span>, arguments: Part<NodeId>, piped: bool) {
        let count = arguments.len() as u32;
        let skip = self.label();
        let site = MethodSite {
            name,
            arguments: count,
            piped,
            skip: skip.0,
        };
        self.program.methods.push(site);
        let site = self.program.methods.len() as u32 - 1;
        let mut tasks = vec![Task::Emit(Op::Method(site)), Task::Conditional(true)];
        let arguments = self.program.ast.children(arguments).iter().zip(0..count);
        tasks.extend(arguments.map(|(node, index)| Task::Argument {
            node: *node,
            want: Want::Method(index),
        }));
        if piped {
            tasks.extend([
                Task::Emit(Op::Rotate(count)),
                Task::Check(Want::Method(count)),
            ]);
        }
        tasks.extend([
            Task::Conditional(false),
            Task::EmitAt(Op::MethodCall(count + u32::from(piped)), node),
            Task::Unknown,
            Task::Bind(skip),
        ]);
        self.may_skip(tasks);
    }

    /// Adds tasks some of which may be skipped: variables they declare are unset before.
    fn may_skip(&mut self, mut tasks: Vec<Task>) {
        if self.declares_in_arguments {
            tasks.insert(0, Task::BeginClear);
            tasks.push(Task::EndClear);
        }
        self.tasks.extend(tasks.into_iter().rev());
    }

    fn function(
        &mut self,
        identifier: NodeId,
        command: NodeId,
        arguments: Part<NodeId>,
        piped: bool,
    ) {
        self.current = Some(identifier);
        let ast = &self.program.ast;
        let name = ast.text(ast.node(identifier).span);
        let Some(def) = self.functions.get(name) else {
            let name = crate::gostd::strconv::quote(name);
            return self.fail(format!("{name} is not a defined function"));
        };
        let count = arguments.len() + usize::from(piped);
        let (wanted, got, at_least) = if def.signature.variadic {
            (
                def.signature.params.len().saturating_sub(1),
                arguments.len(),
                "at least ",
            )
        } else {
            (def.signature.params.len(), count, "")
        };
        let fits = if def.signature.variadic {
            count >= wanted
        } else {
            count == wanted
        };
        if !fits {
            let name = def.name;
            return self.fail(format!(
                "wrong number of args for {name}: want {at_least}{wanted} got {got}"
            ));
        }
        match def.intrinsic {
            Some(Intrinsic::And) => return self.and_or(false, arguments, piped),
            Some(Intrinsic::Or) => return self.and_or(true, arguments, piped),
            _ => {}
        }
        let param = |index: usize| def.signature.param(index).unwrap_or(ParamType::Any);
        let call = self.call_op(def, self.child(arguments, 0), count);
        self.tasks.push(Task::EmitAt(call, command));
        if piped {
            let check = Task::Check(Want::Param(param(count - 1)));
            if arguments.is_empty() {
                self.tasks.push(check);
            } else {
                self.then([Task::Emit(Op::Rotate(arguments.len() as u32)), check]);
            }
        }
        let arguments = self.program.ast.children(arguments);
        let tasks = arguments.iter().enumerate().rev();
        self.tasks.extend(tasks.map(|(index, node)| Task::Argument {
            node: *node,
            want: Want::Param(param(index)),
        }));
    }

    fn call_op(&mut self, def: &'static FuncDef, first: Option<NodeId>, count: usize) -> Op {
        let arguments = count as u32;
        match def.intrinsic {
            Some(Intrinsic::Not) => Op::Not,
            Some(Intrinsic::Len) => Op::Len,
            Some(Intrinsic::Index) => Op::Index(arguments),
            Some(Intrinsic::Compare(comparison)) => Op::Compare(comparison, arguments),
            Some(Intrinsic::Include) => Op::Include,
            Some(Intrinsic::Tpl) => Op::Tpl,
            Some(Intrinsic::Call) => Op::CallValue {
                arguments,
                shown: first,
            },
            _ => {
                let known = self
                    .program
                    .functions
                    .iter()
                    .position(|known| std::ptr::eq(*known, def));
                let function = known.unwrap_or_else(|| {
                    self.program.functions.push(def);
                    self.program.functions.len() - 1
                });
                Op::Call {
                    function: function as u32,
                    arguments,
                }
            }
        }
    }

    /// Arguments are evaluated until one decides; that one is the result, else the last one, which may be the
    /// piped value.
    fn and_or(&mut self, on: bool, arguments: Part<NodeId>, piped: bool) {
        let short = self.label();
        let end = self.label();
        let Some((last, others)) = self.program.ast.children(arguments).split_last() else {
            return;
        };
        let want = Want::Param(ParamType::Reflect);
        let mut tasks: Vec<Task> = Vec::new();
        for (index, argument) in others.iter().enumerate() {
            tasks.extend([
                Task::Argument {
                    node: *argument,
                    want,
                },
                Task::Short { on, target: short },
            ]);
            if index == 0 {
                tasks.push(Task::Conditional(true));
            }
        }
        tasks.push(Task::Argument { node: *last, want });
        if !others.is_empty() {
            tasks.push(Task::Conditional(false));
        }
        if piped {
            // The piped value is below; if it is not the result, it goes.
            tasks.extend([
                Task::Short { on, target: short },
                Task::Unknown,
                Task::Emit(Op::Jump(end.0)),
                Task::Bind(short),
                Task::Emit(Op::Nip),
                Task::Bind(end),
            ]);
        } else {
            if !others.is_empty() {
                tasks.push(Task::Unknown);
            }
            tasks.push(Task::Bind(short));
        }
        self.may_skip(tasks);
    }

    pub(super) fn argument(&mut self, node: NodeId, want: Want) {
        self.current = Some(node);
        match self.program.ast.node(node).kind {
            NodeKind::Dot => self.emit(Op::Dot),
            NodeKind::Nil => return self.nil_argument(node, want),
            NodeKind::Field(names) => self.emit(Op::DotFields(names)),
            NodeKind::Variable(names) => {
                self.load(node);
                let (_, names) = names.split_at(1);
                if !names.is_empty() {
                    self.emit(Op::Fields(names));
                }
            }
            NodeKind::Pipe { .. } => {
                return self.then([
                    Task::Pipeline(node),
                    Task::Emit(Op::Concrete),
                    Task::Check(want),
                ]);
            }
            NodeKind::Identifier => {
                self.tasks.push(Task::Check(want));
                return self.function(node, node, Part::EMPTY, false);
            }
            NodeKind::Chain { operand, fields } => {
                let fields = self.chain_fields(node, fields);
                return self.then([
                    Task::Argument {
                        node: operand,
                        want: Want::Operand,
                    },
                    Task::Emit(fields),
                    Task::Check(want),
                ]);
            }
            _ => return self.literal_argument(node, want),
        }
        self.check(want);
    }

    fn nil_argument(&mut self, node: NodeId, want: Want) {
        match want {
            Want::Param(ty) if !may_be_nil(ty) => {
                self.fail(format!("cannot assign nil to {}", ty.name()))
            }
            Want::Method(argument) => self.method_literal(node, argument),
            _ => self.emit(Op::Nil),
        }
    }

    fn method_literal(&mut self, node: NodeId, argument: u32) {
        self.asks_for_nodes = true;
        self.emit(Op::MethodLiteral { node, argument });
    }

    fn literal_argument(&mut self, node: NodeId, want: Want) {
        let ty = match want {
            Want::Param(ty) => ty,
            Want::Operand => ParamType::Any,
            Want::Method(argument) => return self.method_literal(node, argument),
        };
        match literal_for(&self.program.ast, node, ty) {
            Ok(value) => self.constant(value),
            Err(message) => self.fail(message),
        }
    }

    pub(super) fn check(&mut self, want: Want) {
        match want {
            Want::Operand | Want::Param(ParamType::Any | ParamType::Reflect) => {}
            Want::Param(ty) => {
                let ty = self.param(ty);
                self.emit(Op::Check(ty));
            }
            Want::Method(argument) => self.emit(Op::MethodCheck(argument)),
        }
    }
}
