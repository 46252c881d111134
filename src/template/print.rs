//! Nodes to text as Go prints them, which is how error texts name them.
//!
//! Only pipelines and their parts, and the template action, are ever named by errors.
//!
//! Go: `text/template/parse`, the `String` methods of nodes.

use super::ast::{Ast, NodeId, NodeKind, Part};
use crate::gostd::strconv::append_quote;
use crate::source::Span;

/// A piece of work left to do.
enum Piece {
    Node(NodeId),
    Text(&'static [u8]),
    Fields(NodeId),
}

/// Appends the text of a node. Deep nesting takes memory, not stack.
pub fn print(ast: &Ast, node: NodeId, out: &mut Vec<u8>) {
    let mut pieces = vec![Piece::Node(node)];
    while let Some(piece) = pieces.pop() {
        match piece {
            Piece::Text(text) => out.extend_from_slice(text),
            Piece::Fields(chain) => {
                if let NodeKind::Chain { fields, .. } = ast.node(chain).kind {
                    print_fields(ast, fields, out);
                }
            }
            Piece::Node(node) => {
                let first = pieces.len();
                print_node(ast, node, out, &mut pieces);
                // They were noted in the order of reading; the last one noted is done first.
                if let Some(new) = pieces.get_mut(first..) {
                    new.reverse();
                }
            }
        }
    }
}

fn print_node(ast: &Ast, id: NodeId, out: &mut Vec<u8>, pieces: &mut Vec<Piece>) {
    let node = ast.node(id);
    match node.kind {
        NodeKind::Pipe {
            variables,
            assigns,
            commands,
        } => {
            for (index, variable) in ast.children(variables).iter().enumerate() {
                if index > 0 {
                    pieces.push(Piece::Text(b", "));
                }
                pieces.push(Piece::Node(*variable));
            }
            if !variables.is_empty() {
                pieces.push(Piece::Text(if assigns { b" = " } else { b" := " }));
            }
            for (index, command) in ast.children(commands).iter().enumerate() {
                if index > 0 {
                    pieces.push(Piece::Text(b" | "));
                }
                pieces.push(Piece::Node(*command));
            }
        }
        NodeKind::Command(operands) => {
            for (index, operand) in ast.children(operands).iter().enumerate() {
                if index > 0 {
                    pieces.push(Piece::Text(b" "));
                }
                push_operand(ast, *operand, pieces);
            }
        }
        NodeKind::Chain { operand, .. } => {
            push_operand(ast, operand, pieces);
            pieces.push(Piece::Fields(id));
        }
        NodeKind::Template { name, pipe } => {
            out.extend_from_slice(b"{{template ");
            append_quote(out, ast.bytes(name));
            if let Some(pipe) = pipe {
                pieces.push(Piece::Text(b" "));
                pieces.push(Piece::Node(pipe));
            }
            pieces.push(Piece::Text(b"}}"));
        }
        NodeKind::Action { pipe } => {
            pieces.extend([Piece::Text(b"{{"), Piece::Node(pipe), Piece::Text(b"}}")]);
        }
        NodeKind::Field(names) => print_fields(ast, names, out),
        NodeKind::Variable(names) => {
            for (index, name) in ast.names(names).iter().enumerate() {
                if index > 0 {
                    out.push(b'.');
                }
                out.extend_from_slice(ast.text(*name));
            }
        }
        NodeKind::Dot => out.push(b'.'),
        NodeKind::Nil => out.extend_from_slice(b"nil"),
        NodeKind::Bool(value) => out.extend_from_slice(if value { b"true" } else { b"false" }),
        NodeKind::Identifier
        | NodeKind::Number(_)
        | NodeKind::String(_)
        | NodeKind::Text
        | NodeKind::List(_)
        | NodeKind::Control { .. }
        | NodeKind::Break
        | NodeKind::Continue => out.extend_from_slice(ast.text(node.span)),
    }
}

fn push_operand(ast: &Ast, operand: NodeId, pieces: &mut Vec<Piece>) {
    let is_pipe = matches!(ast.node(operand).kind, NodeKind::Pipe { .. });
    if is_pipe {
        pieces.push(Piece::Text(b"("));
    }
    pieces.push(Piece::Node(operand));
    if is_pipe {
        pieces.push(Piece::Text(b")"));
    }
}

fn print_fields(ast: &Ast, names: Part<Span>, out: &mut Vec<u8>) {
    for name in ast.names(names) {
        out.push(b'.');
        out.extend_from_slice(ast.text(*name));
    }
}
