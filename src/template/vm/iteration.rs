//! What `range` goes through.
//!
//! Go: `text/template`, `walkRange`. Maps go by their keys in order, as they are when the loop begins.

use super::frame::Dot;
use super::{Fault, Flow, Observer, Vm, message};
use crate::template::program::{Address, Program, RangeVariables};
use crate::value::print::print_value;
use crate::value::{ElemType, IntType, List, Repr, Str, UintType, Value};

/// The elements still to come.
pub(super) enum Items {
    List(List, usize),
    Bytes(Str, usize),
    Map {
        entries: std::vec::IntoIter<(Str, Value)>,
        interface: bool,
    },
    Signed {
        ty: IntType,
        next: i64,
        end: i64,
    },
    Unsigned {
        ty: UintType,
        next: u64,
        end: u64,
    },
}

/// What a loop yields.
pub(super) struct Item {
    pub index: Value,
    pub element: Value,
    pub interface: bool,
}

impl Items {
    pub fn is_empty(&self) -> bool {
        match self {
            Self::List(list, next) => *next >= list.len(),
            Self::Bytes(bytes, next) => *next >= bytes.len(),
            Self::Map { entries, .. } => entries.len() == 0,
            Self::Signed { next, end, .. } => next >= end,
            Self::Unsigned { next, end, .. } => next >= end,
        }
    }
}

impl Iterator for Items {
    type Item = Item;

    #[inline]
    fn next(&mut self) -> Option<Item> {
        Some(match self {
            Self::List(list, next) => {
                let element = list.get(*next)?.clone();
                let index = Value::int(*next as i64);
                *next += 1;
                let interface = list.ty().elem == crate::value::ElemType::Any;
                Item {
                    index,
                    element,
                    interface,
                }
            }
            Self::Bytes(bytes, next) => {
                let element = Value::unsigned(UintType::Uint8, u64::from(*bytes.get(*next)?));
                let index = Value::int(*next as i64);
                *next += 1;
                Item {
                    index,
                    element,
                    interface: false,
                }
            }
            Self::Map { entries, interface } => {
                let (key, element) = entries.next()?;
                Item {
                    index: key.into(),
                    element,
                    interface: *interface,
                }
            }
            Self::Signed { ty, next, end } => {
                if next >= end {
                    return None;
                }
                let element = Value::signed(*ty, *next);
                *next += 1;
                Item {
                    index: Value::NIL,
                    element,
                    interface: false,
                }
            }
            Self::Unsigned { ty, next, end } => {
                if next >= end {
                    return None;
                }
                let element = Value::unsigned(*ty, *next);
                *next += 1;
                Item {
                    index: Value::NIL,
                    element,
                    interface: false,
                }
            }
        })
    }
}

impl<O: Observer> Vm<'_, O> {
    /// What a range goes through, `None` if there is nothing.
    pub(super) fn items(
        &mut self,
        value: Value,
        two_variables: bool,
    ) -> Result<Option<Items>, Fault> {
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

    pub(super) fn next_item(
        &mut self,
        variables: RangeVariables,
        end: Address,
        program: &Program,
    ) -> Result<Flow, Fault> {
        self.turn()?;
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

    pub(super) fn end_loop(&mut self) {
        if let Some(ended) = self.loops.pop() {
            self.dots.truncate(ended.dots);
        }
    }
}

#[cold]
fn iterate_fault(before: &str, value: &Value, after: &str) -> Fault {
    let mut shown = Vec::new();
    print_value(value, &mut shown);
    // Go has looked through a pointer.
    let shown = shown.strip_prefix(b"&").unwrap_or(&shown);
    message([before.as_bytes(), shown, after.as_bytes()])
}
