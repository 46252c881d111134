//! Variables of the template under way. Each has a number, fixed when the template was compiled.

use super::frame::{State, Variable};
use super::{Fault, Observer, Vm, message};
use crate::template::ast::NodeKind;
use crate::template::program::{Address, Program, Target};
use crate::value::Value;

impl<O: Observer> Vm<'_, O> {
    pub(super) fn is_set(&self, slot: u32) -> bool {
        let variable = self.variables.get(self.variables_base + slot as usize);
        variable.is_some_and(|variable| variable.state != State::Unset)
    }

    /// The first variable of a chain that is set; the last one if none is.
    pub(super) fn first_set(&self, program: &Program, chain: u32) -> u32 {
        let mut slot = 0;
        let mut next = Some(chain);
        while let Some(candidate) = next.and_then(|index| program.candidates.get(index as usize)) {
            slot = candidate.slot;
            if self.is_set(slot) {
                break;
            }
            next = candidate.next;
        }
        slot
    }

    #[inline]
    pub(super) fn load(
        &mut self,
        slot: u32,
        program: &Program,
        address: Address,
    ) -> Result<(), Fault> {
        match self.variables.get(self.variables_base + slot as usize) {
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
    pub(super) fn store(&mut self, slot: u32) {
        let value = self.stack.last().cloned().unwrap_or_default();
        self.set_variable(slot, value, false);
    }

    pub(super) fn set_variable(&mut self, slot: u32, value: Value, interface: bool) {
        let place = self.variables_base + slot as usize;
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
    pub(super) fn undefined(&self, program: &Program, address: Address) -> Fault {
        // Only a variable that an argument declares may be unset; the node names it.
        let node = self.place(program, address).node;
        let mut name = Vec::new();
        if let Some(node) = node
            && let NodeKind::Variable(names) = program.ast().node(node).kind
            && let Some(first) = program.ast().names(names).first()
        {
            name.extend_from_slice(program.ast.text(*first));
        }
        message([b"undefined variable: ", &name])
    }

    pub(super) fn slot(&self, target: Target, program: &Program) -> u32 {
        match target {
            Target::Variable(slot) => slot,
            Target::First(chain) => self.first_set(program, chain),
        }
    }
}
