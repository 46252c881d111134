//! Renders, checks and packages Helm charts exactly as helm does, without helm, a cluster or a network.
//!
//! A chart is loaded once, from a directory, an archive or memory, and rendered as often as wanted, from as many
//! threads as wanted. What comes back is data: manifests, hooks, notes, diagnostics. Nothing here prints, ends the
//! process or keeps global state; files are touched only where a path is given; clock, randomness and names come
//! through [`host::Host`].
//!
//! ```
//! use verta_render::{RenderOptions, Renderer, read_values};
//!
//! let renderer = Renderer::from_memory([
//!     ("Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.2.3\n"),
//!     ("values.yaml", "replicas: 1\n"),
//!     (
//!         "templates/app.yaml",
//!         "kind: App\nmetadata:\n  name: {{ .Release.Name }}\nspec:\n  replicas: {{ .Values.replicas }}\n",
//!     ),
//! ])?;
//!
//! let rendered = renderer.render(&read_values(b"replicas: 3")?, &RenderOptions::named("shop"))?;
//!
//! let app = &rendered.manifests[0];
//! assert_eq!(app.path(), b"web/templates/app.yaml");
//! assert_eq!(&*app.head().name, b"shop");
//! assert!(app.text().ends_with(b"replicas: 3\n"));
//! # Ok::<(), verta_render::Error>(())
//! ```
//!
//! An [`Error`] displays helm's exact text, and holds what it is made of:
//!
//! ```
//! use verta_render::{ErrorKind, RenderOptions, Renderer, read_values};
//!
//! let renderer = Renderer::from_memory([
//!     ("Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.2.3\n"),
//!     ("templates/app.yaml", "kind: App\nhost: {{ required \"a host is needed\" .Values.host }}\n"),
//! ])?;
//!
//! let error = renderer.render(&read_values(b"")?, &RenderOptions::named("shop")).unwrap_err();
//!
//! assert_eq!(error.kind(), ErrorKind::TemplateFail);
//! assert_eq!(
//!     error.to_string(),
//!     "execution error at (web/templates/app.yaml:2:9): a host is needed"
//! );
//! assert_eq!(error.location().unwrap().line, 2);
//! # Ok::<(), verta_render::Error>(())
//! ```
//!
//! [`lint`] tells what is wrong with a chart, and what is merely unwise:
//!
//! ```
//! use verta_render::lint::{LintOptions, Severity};
//! use verta_render::{lint_memory, read_values};
//!
//! let files = [
//!     ("Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.2.3\nicon: https://example.com/web.png\n"),
//!     ("values.yaml", "port: 80\n"),
//!     ("templates/job.yaml", "apiVersion: batch/v1beta1\nkind: CronJob\nmetadata: {name: clean}\n"),
//! ];
//!
//! let messages = lint_memory(files, &read_values(b"")?, &LintOptions::default());
//!
//! assert_eq!(messages.len(), 1);
//! assert_eq!(messages[0].severity(), Severity::Warning);
//! assert_eq!(messages[0].path(), b"templates/job.yaml");
//! assert!(messages[0].to_string().ends_with("use batch/v1 CronJob"));
//! # Ok::<(), verta_render::Error>(())
//! ```
//!
//! Beyond charts: [`template`] is the template engine alone, [`value`] what it works on, [`package`] makes archives.
#![forbid(unsafe_code)]

pub mod capabilities;
pub mod chart;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;
#[doc(hidden)]
pub mod codec;
#[doc(hidden)]
pub mod command;
#[doc(hidden)]
pub mod dependency;
pub mod diag;
#[doc(hidden)]
pub mod funcs;
#[doc(hidden)]
pub mod gostd;
pub mod host;
#[doc(hidden)]
pub mod jsonpath;
pub mod limits;
pub mod lint;
pub mod manifest;
#[doc(hidden)]
pub mod net;
#[cfg(feature = "pgp")]
#[doc(hidden)]
pub mod openpgp;
pub mod package;
pub mod render;
#[doc(hidden)]
pub mod repository;
#[doc(hidden)]
pub mod sandbox;
#[doc(hidden)]
pub mod source;
#[doc(hidden)]
pub mod storage;
pub mod template;
pub mod value;
pub mod values;
#[doc(hidden)]
pub mod version;

pub use capabilities::{Capabilities, KubeVersion};
pub use chart::Chart;
pub use diag::{Diagnostic, Error, ErrorKind, Sink};
pub use limits::{Bounds, CancelToken, Limits};
pub use lint::{LintOptions, lint_archive, lint_directory, lint_memory};
pub use package::{PackageOptions, archive};
pub use render::{RenderOptions, Rendered, Renderer, read_values};
pub use template::TemplateSet;
pub use value::{Map, Value};
pub use values::merge::UserInputs;
