//! Trees to programs: names become numbers, every instruction learns the node its errors will name.
//!
//! The tree is walked in the order in which Go's exec would visit it, with a stack of tasks instead of
//! recursion. Go's errors name the node visited last; since the order of visits is known here, that node is put
//! beside each instruction. Only after `and` and `or`, which stop early, it must be noted at run time.

mod literal;
mod pipeline;
mod scope;

use super::ast::{Control, Definition, NodeId, NodeKind, Parsed};
use super::func::{FuncDef, FuncMap};
use super::program::{Address, Op, Program, RangeVariables, Target, Template};
use crate::value::{ParamType, Value};
use pipeline::Want;
use scope::Scope;
use std::cell::Cell;
use std::sync::{Arc, OnceLock};

pub(super) use literal::{literal_for, may_be_nil};

/// What instructions are made in, empty, for the next text: fresh memory costs more than what is written to it.
#[derive(Default)]
struct Lists {
    code: Vec<Op>,
    nodes: Vec<Option<NodeId>>,
    tasks: Vec<Task>,
    labels: Vec<Address>,
    constants: Vec<Value>,
    functions: Vec<&'static FuncDef>,
}

thread_local! {
    static LISTS: Cell<Lists> = const {
        Cell::new(Lists {
            code: Vec::new(),
            nodes: Vec::new(),
            tasks: Vec::new(),
            labels: Vec::new(),
            constants: Vec::new(),
            functions: Vec::new(),
        })
    };
}

/// Lists for more instructions or tasks than this are not kept.
const KEPT: usize = 1 << 15;

/// Compiles all templates of a parsed text.
pub fn compile(parsed: Parsed, functions: &dyn FuncMap) -> Vec<Template> {
    let Parsed { ast, definitions } = parsed;
    // About four instructions come of five nodes.
    let size = ast.nodes().len() * 4 / 5;
    let mut lists = LISTS.take();
    lists.code.reserve(size);
    lists.nodes.reserve(size);
    let program = Program {
        ast,
        is_slim: false,
        whole: OnceLock::new(),
        code: lists.code,
        nodes: lists.nodes,
        constants: lists.constants,
        functions: lists.functions,
        types: Vec::new(),
        messages: Vec::new(),
        candidates: Vec::new(),
        ranges: Vec::new(),
        methods: Vec::new(),
        chains: Vec::new(),
    };
    let declares_in_arguments = program.ast.declares_in_arguments();
    let mut generator = Generator {
        program,
        functions,
        tasks: lists.tasks,
        labels: lists.labels,
        current: None,
        scope: Scope::default(),
        loops: Vec::new(),
        conditional: 0,
        declares_in_arguments,
        asks_for_nodes: false,
        clears: Vec::new(),
    };
    let entries: Vec<_> = definitions
        .iter()
        .map(|definition| generator.definition(definition))
        .collect();
    generator.bind_labels();
    let Generator {
        mut program,
        asks_for_nodes,
        tasks,
        labels,
        ..
    } = generator;
    let has_other_keywords = [&b"break"[..], b"continue"]
        .iter()
        .any(|word| functions.get(word).is_some());
    if !has_other_keywords && !asks_for_nodes {
        program.ast.forget_nodes();
        program.is_slim = true;
    }
    let code = program.code.as_slice().to_vec();
    let nodes = program.nodes.as_slice().to_vec();
    let constants = program.constants.drain(..).collect();
    let functions = program.functions.drain(..).collect();
    keep(Lists {
        code: std::mem::replace(&mut program.code, code),
        nodes: std::mem::replace(&mut program.nodes, nodes),
        tasks,
        labels,
        constants: std::mem::replace(&mut program.constants, constants),
        functions: std::mem::replace(&mut program.functions, functions),
    });
    let program = Arc::new(program);
    let template = |(definition, entry): (Definition, Address)| Template {
        name: definition.name,
        program: program.clone(),
        entry,
        is_empty: definition.is_empty,
    };
    definitions.into_iter().zip(entries).map(template).collect()
}

fn keep(mut lists: Lists) {
    if lists.code.capacity().max(lists.tasks.capacity()) > KEPT {
        return;
    }
    lists.code.clear();
    lists.nodes.clear();
    lists.tasks.clear();
    lists.labels.clear();
    LISTS.set(lists);
}

/// A place in the code that may not be known yet.
#[derive(Clone, Copy, Debug)]
struct Label(u32);

/// Work left to do; the last one added is done first.
enum Task {
    Statement(NodeId),
    List(NodeId),
    /// Evaluates a pipeline, whose value becomes the top, and sets its variables.
    Pipeline(NodeId),
    Command {
        node: NodeId,
        piped: bool,
    },
    Argument {
        node: NodeId,
        want: Want,
    },
    /// Evaluates a pipeline only to set its variables.
    Assignment(NodeId),
    /// Sets the variables of a pipeline to the top.
    Declare(NodeId),
    /// The same, and takes the top away.
    Take(NodeId),
    Check(Want),
    Emit(Op),
    /// An instruction whose errors name this node, which is not thereby visited.
    EmitAt(Op, NodeId),
    Bind(Label),
    Short {
        on: bool,
        target: Label,
    },
    /// The end of `and` and `or`: from here on the node visited last is not known.
    Unknown,
    Conditional(bool),
    /// Before tasks that may be skipped.
    BeginClear,
    /// After them: fills in which variables they declared.
    EndClear,
    Scope(usize),
    Range {
        node: NodeId,
        labels: LoopLabels,
    },
    EndLoop,
}

#[derive(Clone, Copy, Debug)]
struct LoopLabels {
    next: Label,
    end: Label,
    otherwise: Label,
}

struct Generator<'f> {
    program: Program,
    functions: &'f dyn FuncMap,
    tasks: Vec<Task>,
    labels: Vec<Address>,
    /// The node Go visited last, if that is known.
    current: Option<NodeId>,
    scope: Scope,
    loops: Vec<LoopLabels>,
    /// How many arguments that may be skipped are around the code being made.
    conditional: u32,
    declares_in_arguments: bool,
    /// Whether literals of methods are made of their nodes at run time.
    asks_for_nodes: bool,
    /// The [`Op::Clear`]s to be filled in, with the first variable of each.
    clears: Vec<(usize, u32)>,
}

impl Generator<'_> {
    fn definition(&mut self, definition: &Definition) -> Address {
        let entry = self.here();
        self.scope.begin();
        self.loops.clear();
        self.tasks.push(Task::Emit(Op::Return));
        self.tasks.push(Task::List(definition.root));
        while let Some(task) = self.tasks.pop() {
            self.perform(task);
        }
        entry
    }

    fn perform(&mut self, task: Task) {
        match task {
            Task::Statement(node) => self.statement(node),
            Task::List(node) => {
                if let NodeKind::List(nodes) = self.program.ast.node(node).kind {
                    let nodes = self.program.ast.children(nodes).iter().rev();
                    self.tasks.extend(nodes.map(|node| Task::Statement(*node)));
                }
            }
            Task::Pipeline(node) => self.pipeline(node, Some(Task::Declare(node))),
            Task::Assignment(node) => self.pipeline(node, Some(Task::Take(node))),
            Task::Take(pipe) => self.take(pipe),
            Task::Command { node, piped } => self.command(node, piped),
            Task::Argument { node, want } => self.argument(node, want),
            Task::Declare(pipe) => self.declare(pipe),
            Task::Check(want) => self.check(want),
            Task::Emit(op) => self.emit(op),
            Task::EmitAt(op, node) => self.emit_at(op, Some(node)),
            Task::Bind(label) => {
                let here = self.here();
                if let Some(place) = self.labels.get_mut(label.0 as usize) {
                    *place = here;
                }
            }
            Task::Short { on, target } => self.emit(Op::Short {
                on,
                target: target.0,
            }),
            Task::Unknown => {
                if let Some(node) = self.current.take() {
                    self.emit(Op::At(node));
                }
            }
            Task::Conditional(true) => self.conditional += 1,
            Task::Conditional(false) => self.conditional -= 1,
            Task::BeginClear => {
                self.clears
                    .push((self.program.code.len(), self.scope.slots()));
                self.emit(Op::Clear { from: 0, to: 0 });
            }
            Task::EndClear => {
                let to = self.scope.slots();
                if let Some((at, from)) = self.clears.pop()
                    && let Some(op) = self.program.code.get_mut(at)
                {
                    *op = Op::Clear { from, to };
                }
            }
            Task::Scope(keep) => {
                self.scope.leave(keep, self.program.ast.source().text());
            }
            Task::Range { node, labels } => self.range(node, labels),
            Task::EndLoop => {
                self.loops.pop();
            }
        }
    }

    /// Adds tasks in the order in which they are to be done.
    fn then<const N: usize>(&mut self, tasks: [Task; N]) {
        self.tasks.extend(tasks.into_iter().rev());
    }

    fn here(&self) -> Address {
        // A program has fewer instructions than four times the bytes of its text, which are bounded by its spans;
        // a text near that bound does not fit into memory as a tree.
        self.program.code.len() as Address
    }

    fn emit(&mut self, op: Op) {
        self.emit_at(op, self.current);
    }

    fn emit_at(&mut self, op: Op, node: Option<NodeId>) {
        self.program.code.push(op);
        self.program.nodes.push(node);
    }

    fn fail(&mut self, message: impl Into<Vec<u8>>) {
        let message = self.message(message.into());
        self.emit(Op::Fail(message));
    }

    fn message(&mut self, message: Vec<u8>) -> u32 {
        self.program.messages.push(message.into());
        self.program.messages.len() as u32 - 1
    }

    fn constant(&mut self, value: Value) {
        let index = self.program.constants.len() as u32;
        self.program.constants.push(value);
        self.emit(Op::Constant(index));
    }

    fn param(&mut self, ty: ParamType) -> u32 {
        match self.program.types.iter().position(|known| *known == ty) {
            Some(index) => index as u32,
            None => {
                self.program.types.push(ty);
                self.program.types.len() as u32 - 1
            }
        }
    }

    fn printed(&self, node: NodeId) -> Vec<u8> {
        let mut text = Vec::new();
        super::print::print(&self.program.ast, node, &mut text);
        text
    }

    fn label(&mut self) -> Label {
        self.labels.push(0);
        Label(self.labels.len() as u32 - 1)
    }

    /// Puts addresses in the place of labels.
    fn bind_labels(&mut self) {
        let labels = &self.labels;
        let bind = |address: &mut Address| {
            *address = labels.get(*address as usize).copied().unwrap_or_default()
        };
        for op in &mut self.program.code {
            match op {
                Op::Short { target, .. } => bind(target),
                Op::Jump(target) | Op::If(target) | Op::With(target) | Op::Break(target) => {
                    bind(target)
                }
                Op::Range { otherwise, .. } => bind(otherwise),
                Op::Next { end, .. } => bind(end),
                _ => {}
            }
        }
        self.program
            .methods
            .iter_mut()
            .for_each(|method| bind(&mut method.skip));
    }

    fn statement(&mut self, id: NodeId) {
        self.current = Some(id);
        let node = *self.program.ast.node(id);
        match node.kind {
            NodeKind::Text => self.emit(Op::Text(node.span)),
            NodeKind::Action { pipe } => {
                let sets = matches!(
                    self.program.ast.node(pipe).kind,
                    NodeKind::Pipe { variables, .. } if !variables.is_empty()
                );
                if sets {
                    self.tasks.push(Task::Assignment(pipe));
                } else {
                    self.then([Task::Pipeline(pipe), Task::EmitAt(Op::Print, id)]);
                }
            }
            NodeKind::Control {
                control,
                pipe,
                list,
                else_list,
            } => self.control(id, control, pipe, list, else_list),
            NodeKind::Break => {
                if let Some(labels) = self.loops.last() {
                    self.emit(Op::Break(labels.end.0));
                }
            }
            NodeKind::Continue => {
                if let Some(labels) = self.loops.last() {
                    self.emit(Op::Jump(labels.next.0));
                }
            }
            NodeKind::Template { name, pipe } => {
                self.emit(Op::Template(name));
                let dot = pipe.map_or(Task::Emit(Op::Nil), Task::Pipeline);
                self.then([dot, Task::EmitAt(Op::Enter(name), id)]);
            }
            // Other nodes are parts of these.
            _ => {}
        }
    }

    fn control(
        &mut self,
        id: NodeId,
        control: Control,
        pipe: NodeId,
        list: NodeId,
        else_list: Option<NodeId>,
    ) {
        let scope = self.scope.mark();
        let (end, otherwise) = (self.label(), self.label());
        self.tasks.push(Task::Scope(scope));
        self.tasks.push(Task::Bind(end));
        self.tasks.extend(else_list.map(Task::List));
        self.tasks.push(Task::Bind(otherwise));
        match control {
            Control::If => self.then([
                Task::Pipeline(pipe),
                Task::Emit(Op::If(otherwise.0)),
                Task::List(list),
                Task::Emit(Op::Jump(end.0)),
            ]),
            Control::With => self.then([
                Task::Pipeline(pipe),
                Task::Emit(Op::With(otherwise.0)),
                Task::List(list),
                Task::Emit(Op::EndWith),
                Task::Emit(Op::Jump(end.0)),
            ]),
            Control::Range => {
                let next = self.label();
                let labels = LoopLabels {
                    next,
                    end,
                    otherwise,
                };
                self.then([
                    Task::Pipeline(pipe),
                    Task::Range { node: id, labels },
                    Task::List(list),
                    Task::EndLoop,
                    Task::Emit(Op::Jump(next.0)),
                ]);
            }
        }
    }

    /// Begins a loop over the top. The variables were set to the whole of it by the pipeline already, which is
    /// what an `else` sees.
    fn range(&mut self, node: NodeId, labels: LoopLabels) {
        let mut targets = RangeVariables::default();
        if let NodeKind::Control { pipe, .. } = self.program.ast.node(node).kind
            && let NodeKind::Pipe {
                variables, assigns, ..
            } = self.program.ast.node(pipe).kind
        {
            let variables = self.program.ast.children(variables);
            // The variables declared last, even if both have one name.
            let first = self.scope.slots().saturating_sub(variables.len() as u32);
            let mut slots = first..;
            let mut resolved = variables.iter().map(|variable| {
                let slot = slots.next().map(Target::Variable);
                if assigns {
                    self.target(*variable)
                } else {
                    slot
                }
            });
            if variables.len() > 1 {
                targets.index = resolved.next().flatten();
            }
            targets.element = resolved.next().flatten();
        }
        let range = self.program.ranges.len() as u32;
        self.program.ranges.push(targets);
        self.emit(Op::Range {
            range,
            otherwise: labels.otherwise.0,
        });
        self.perform(Task::Bind(labels.next));
        self.emit(Op::Next {
            range,
            end: labels.end.0,
        });
        self.loops.push(labels);
    }
}
