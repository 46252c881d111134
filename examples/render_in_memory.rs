//! Renders the Verta chart from memory, on two threads at once, with values of their own.
//!
//! `cargo run --example render_in_memory`

use std::fs;
use std::path::Path;

use verta_render::{Error, RenderOptions, Renderer, read_values};

fn main() -> Result<(), Error> {
    let mut files = Vec::new();
    collect(Path::new("charts/verta"), "", &mut files);
    let renderer = Renderer::from_memory(files)?;
    std::thread::scope(|scope| {
        for (release, replicas) in [("blue", 2), ("green", 5)] {
            let renderer = &renderer;
            scope.spawn(move || {
                let text = format!("backend: {{replicaCount: {replicas}}}");
                let values = read_values(text.as_bytes()).expect("it is YAML");
                let rendered = renderer.render(&values, &RenderOptions::named(release));
                match rendered {
                    Ok(rendered) => println!("{release}: {} manifests", rendered.manifests.len()),
                    Err(error) => println!("{release}: {error}"),
                }
            });
        }
    });
    Ok(())
}

/// Reads a directory into names with slashes and bytes.
fn collect(directory: &Path, prefix: &str, files: &mut Vec<(String, Vec<u8>)>) {
    for entry in fs::read_dir(directory).expect("the chart is there") {
        let entry = entry.expect("it can be read");
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        match entry.path() {
            path if path.is_dir() => collect(&path, &format!("{name}/"), files),
            path => files.push((name, fs::read(path).expect("it can be read"))),
        }
    }
}
