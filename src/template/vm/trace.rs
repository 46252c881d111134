//! Faults to errors that know how execution came there.

use std::collections::HashMap;
use std::sync::Arc;

use super::frame::{Frame, FrameKind, Handle};
use super::{Observer, Place, Vm};
use crate::template::ast::NodeId;
use crate::template::error::{ExecCause, ExecError, ExecFrame, ExecLevel, ExecLink};
use crate::template::print::print;

/// Nodes as they are printed, by their programs: many levels stand at the same one.
type Printed = HashMap<(usize, Option<NodeId>), Arc<[u8]>>;

/// How many levels are shown at either end when a limit was reached.
const SHOWN_OF_DEEP: usize = 8;

impl<O: Observer> Vm<'_, O> {
    /// Turns a fault into an error that knows how execution came there.
    #[cold]
    pub(super) fn error(self, cause: ExecCause) -> ExecError {
        let mut stands: Vec<(&Frame, Option<ExecLink>)> = Vec::new();
        let mut link = None;
        let mut is_level = true;
        for frame in self.frames.iter().rev() {
            if is_level {
                stands.push((frame, link.take()));
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
        if matches!(cause, ExecCause::Limit(_)) && stands.len() > 2 * SHOWN_OF_DEEP {
            // Hundreds of thousands of levels tell no more than some at either end.
            stands.drain(SHOWN_OF_DEEP..stands.len() - SHOWN_OF_DEEP);
        }
        let mut fault_node = self.fault_node;
        let mut printed = Printed::default();
        let mut levels: Vec<_> = stands
            .into_iter()
            .map(|(frame, link)| ExecLevel {
                frame: self.exec_frame(frame, fault_node.take(), &mut printed),
                link,
            })
            .collect();
        levels.reverse();
        ExecError { levels, cause }
    }

    fn exec_frame(
        &self,
        frame: &Frame,
        fault_node: Option<NodeId>,
        printed: &mut Printed,
    ) -> ExecFrame {
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
        let text = printed.entry((std::ptr::from_ref(program).addr(), node));
        let text = text.or_insert_with(|| {
            let mut text = Vec::new();
            if let Some(node) = node {
                print(program.ast(), node, &mut text);
            }
            text.into()
        });
        let position = place.position();
        ExecFrame {
            file: place.source().shared_name(),
            line: position.line,
            column: position.column,
            template: template.name.clone(),
            node: text.clone(),
        }
    }
}
