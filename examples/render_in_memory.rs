//! Renders the Verta chart from memory on two threads at once, each with values of its own.
//!
//! `cargo run --example render_in_memory`

use verta_render::{Error, PackageOptions, RenderOptions, Renderer, archive, read_values};

fn main() -> Result<(), Error> {
    // What lies in memory may come from anywhere: here it is a package that was never a file.
    let directory = Renderer::from_path("charts/verta")?;
    let package = archive(directory.chart(), &PackageOptions::default())?;
    let renderer = Renderer::from_archive(&package.data)?;
    std::thread::scope(|scope| {
        for (release, replicas) in [("blue", 2), ("green", 5)] {
            let renderer = &renderer;
            scope.spawn(move || {
                let text = format!("backend: {{replicaCount: {replicas}}}");
                let values = read_values(text.as_bytes());
                let options = RenderOptions::named(release);
                match values.and_then(|values| renderer.render(&values, &options)) {
                    Ok(rendered) => println!("{release}: {} manifests", rendered.manifests.len()),
                    Err(error) => eprintln!("{release}: {error}"),
                }
            });
        }
    });
    Ok(())
}
