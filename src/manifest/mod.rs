//! From rendered files to documents in the order of installation.
//!
//! Rendered text goes through [`split()`], each part's [`Head`] is read, hooks are
//! told from manifests by their annotation, and both are sorted by kind. What
//! comes out, a [`Sorted`], is written with [`emit`].
//!
//! helm: pkg/release/v1/util.

mod head;
mod hook;
mod kind_order;
mod post_render;
mod rewrite;
mod sort;
mod split;

pub use head::Head;
pub use hook::HookEvent;
pub use post_render::{join_for_post_renderer, split_post_rendered};
pub use sort::{Document, Hook, RenderedFile, Sorted, sort_files};
pub use split::split;

/// Appends a document as helm prints it, under the name of the file it came from.
///
/// # Examples
///
/// ```
/// let mut out = Vec::new();
/// verta_render::manifest::emit(&mut out, b"web/templates/a.yaml", b"kind: Pod");
/// assert_eq!(out, b"---\n# Source: web/templates/a.yaml\nkind: Pod\n");
/// ```
pub fn emit(out: &mut Vec<u8>, path: &[u8], text: &[u8]) {
    out.reserve(path.len() + text.len() + 16);
    out.extend_from_slice(b"---\n# Source: ");
    out.extend_from_slice(path);
    out.push(b'\n');
    out.extend_from_slice(text);
    out.push(b'\n');
}
