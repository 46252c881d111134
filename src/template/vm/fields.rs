//! Chains of fields, and calls of fields with arguments.

use super::frame::PendingCall;
use super::{Fault, Flow, Observer, Vm, access, argument, call_fault, message};
use crate::gostd::strconv::quote;
use crate::source::Span;
use crate::template::ast::{NodeId, Part};
use crate::template::error::ExecCause;
use crate::template::program::{Address, MethodSite, Program};
use crate::value::{ElemType, ParamType, Repr, Signature, Value};

impl<O: Observer> Vm<'_, O> {
    pub(super) fn check(&mut self, ty: ParamType) -> Result<(), Fault> {
        let interface = self.interface;
        argument::check(self.stack.last().unwrap_or(&Value::NIL), interface, ty)
    }

    /// Follows a chain of fields, calling what turns out to be a method. `node` is where its errors are placed,
    /// if that is not the node of the instruction.
    #[inline]
    pub(super) fn fields(
        &mut self,
        names: &[Span],
        text: &[u8],
        value: Value,
        interface: bool,
        node: Option<NodeId>,
    ) -> Result<(Value, bool), Fault> {
        let (mut value, mut interface) = (value, interface);
        for name in names {
            let name = name.of(text);
            if O::ACTIVE {
                self.observer.read(&value, name);
            }
            (value, interface) = match entry(&value, name) {
                Some(found) => found,
                None => self.field(&value, interface, name, node)?,
            };
        }
        Ok((value, interface))
    }

    /// As [`Vm::fields`], of dot, which is not cloned if it is a map.
    #[inline]
    pub(super) fn dot_fields(&mut self, program: &Program, names: Part<Span>) -> Result<(), Fault> {
        let Some(dot) = self.dots.last() else {
            return Ok(());
        };
        let all = program.ast.names(names);
        let text = program.ast.source().text();
        let (value, interface) = match all.split_first() {
            Some((first, rest))
                if !O::ACTIVE
                    && let Some((value, interface)) = entry(&dot.value, first.of(text)) =>
            {
                self.fields(rest, text, value, interface, None)?
            }
            _ => {
                let (value, interface) = (dot.value.clone(), dot.interface);
                self.fields(all, text, value, interface, None)?
            }
        };
        self.push(value, interface);
        Ok(())
    }

    /// Reads one field in the general case.
    pub(super) fn field(
        &mut self,
        value: &Value,
        interface: bool,
        name: &[u8],
        node: Option<NodeId>,
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
                    self.fault_node = node;
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
    pub(super) fn begin_method(
        &mut self,
        program: &Program,
        site: MethodSite,
        address: Address,
    ) -> Result<Flow, Fault> {
        let receiver = self.pop();
        let name = program.ast.name(site.name);
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
    pub(super) fn note_visit(&mut self, program: &Program, address: Address) {
        if let (Some(node), Some(frame)) = (program.nodes[address as usize], self.frames.last_mut())
        {
            frame.at = Some(node);
        }
    }

    /// A field of nothing is nothing, unless missing keys are errors.
    pub(super) fn check_strict(&self, name: &[u8]) -> Result<(), Fault> {
        if !self.context.environment.strict {
            return Ok(());
        }
        let name = quote(name);
        Err(message([b"nil data; no entry for key ", name.as_bytes()]))
    }

    pub(super) fn method_param(&self, argument: u32) -> ParamType {
        let signature = self.calls.last().map(|call| call.method.signature);
        signature
            .and_then(|signature| signature.param(argument as usize))
            .unwrap_or(ParamType::Any)
    }
}

/// The entry of a map, with whether it is in an interface; `None` if there is none, or a method of that name.
#[inline]
fn entry(value: &Value, name: &[u8]) -> Option<(Value, bool)> {
    let Repr::Map(map) = &value.0 else {
        return None;
    };
    let ty = map.ty();
    if ty
        .methods
        .iter()
        .any(|method| method.name.as_bytes() == name)
    {
        return None;
    }
    map.get(name).map(|found| (found, ty.elem == ElemType::Any))
}

fn check_arity(
    signature: Signature,
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
