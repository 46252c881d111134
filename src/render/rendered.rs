//! What a render leaves.

use crate::chart::File;
use crate::gostd::unicode::trim_space;
use crate::manifest::{Document, Hook, emit};
use crate::value::Str;

/// The documents of a chart after rendering.
#[derive(Clone, Debug)]
pub struct Rendered {
    /// What is installed, in the order of installation.
    pub manifests: Vec<Document>,
    /// What runs at events.
    pub hooks: Vec<Hook>,
    /// The custom resource definitions in crds/, which are no templates: their paths
    /// and files.
    pub crds: Vec<(Str, File)>,
    /// The text of the chart's NOTES.txt, with those of its subcharts if they were asked for.
    pub notes: Option<Vec<u8>>,
}

impl Rendered {
    /// Returns what `helm template` prints: the manifests, then the hooks.
    ///
    /// # Examples
    ///
    /// ```
    /// use verta_render::{RenderOptions, Renderer};
    /// use verta_render::value::Map;
    ///
    /// let renderer = Renderer::from_memory([
    ///     ("Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.2.3\n"),
    ///     ("templates/a.yaml", "kind: Pod\nmetadata: {name: {{ .Release.Name }}}\n"),
    /// ])?;
    /// let rendered = renderer.render(&Map::new(), &RenderOptions::named("shop"))?;
    /// assert_eq!(
    ///     rendered.to_text(),
    ///     b"---\n# Source: web/templates/a.yaml\nkind: Pod\nmetadata: {name: shop}\n"
    /// );
    /// # Ok::<(), verta_render::Error>(())
    /// ```
    pub fn to_text(&self) -> Vec<u8> {
        let mut text = self.manifests_text(false);
        for hook in &self.hooks {
            emit(&mut text, hook.document.path(), hook.document.text());
        }
        text
    }

    /// Returns the manifests as one text without white space at its ends, and a line
    /// end; with the custom resource definitions in front if asked for.
    pub fn manifests_text(&self, with_crds: bool) -> Vec<u8> {
        let mut text = Vec::new();
        if with_crds {
            for (path, file) in &self.crds {
                emit(&mut text, path, &file.data);
            }
        }
        for document in &self.manifests {
            emit(&mut text, document.path(), document.text());
        }
        // A document begins with its separator, so only the end can be trimmed.
        let length = trim_space(&text).len();
        text.truncate(length);
        text.push(b'\n');
        text
    }
}
