//! What is handed out: the files of the package, and that it renders as the folder does.

use super::{FLAGS, chart, options, renderer, values_files};
use crate::support::folder::Folder;
use crate::support::{on_all_cores, testdata};
use pretty_assertions::assert_eq;
use std::io::Read as _;
use verta_render::{PackageOptions, Renderer, archive};

/// The package, as `verta-render package charts/verta` writes it.
fn package() -> Vec<u8> {
    archive(renderer().chart(), &PackageOptions::default())
        .expect("the chart can be packed")
        .data
}

#[test]
fn the_package_holds_the_intended_files() {
    let (mut names, package) = (Vec::new(), package());
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(&package[..]));
    for entry in archive.entries().expect("it is an archive") {
        let mut entry = entry.expect("its entries can be read");
        let name = entry
            .path()
            .expect("it has a name")
            .to_string_lossy()
            .into_owned();
        let mut data = Vec::new();
        entry.read_to_end(&mut data).expect("it can be read");
        assert!(!data.is_empty(), "{name} is empty");
        names.push(name);
    }
    names.sort();
    let golden = testdata("verta/package.txt");
    let want = std::fs::read_to_string(&golden).expect("the list of files is there");
    assert_eq!(
        names.join("\n") + "\n",
        want,
        "a change of the package is a change of {}",
        golden.display()
    );
}

#[test]
fn the_package_renders_as_the_folder_does() {
    let packed = Renderer::from_archive(&package()).expect("the package loads");
    let cases: Vec<_> = values_files()
        .iter()
        .flat_map(|file| FLAGS.iter().map(move |flags| (file, flags)))
        .collect();
    on_all_cores(&cases, |(file, flags)| {
        let [here, there] = [renderer(), &packed].map(|renderer| {
            let rendered = renderer.render(&file.values(), &options("verta", flags));
            let rendered =
                rendered.unwrap_or_else(|error| panic!("{} {}: {error}", file.name, flags.name));
            (rendered.to_text(), rendered.notes)
        });
        assert!(here == there, "{} {}", file.name, flags.name);
    });
}

#[test]
fn nothing_of_an_environment_is_packed() {
    let scratch = Folder::new();
    for name in [
        "values-staging.yaml",
        "ci/more-values.yaml",
        "verta-0.0.1.tgz",
        ".git/config",
        "templates/a.yaml.swp",
        "tests/a_test.yaml",
    ] {
        scratch.put(&format!("verta/{name}"), b"a: b\n");
    }
    for name in [
        "Chart.yaml",
        "values.yaml",
        "values.schema.json",
        ".helmignore",
        "charts/redis/Chart.yaml",
    ] {
        let bytes = std::fs::read(chart().join(name)).expect("it is a file of the chart");
        scratch.put(&format!("verta/{name}"), &bytes);
    }
    let copy = Renderer::from_path(scratch.path().join("verta")).expect("the copy loads");
    let names: Vec<String> = copy
        .chart()
        .raw()
        .iter()
        .map(|file| file.name.to_lossy().into_owned())
        .collect();
    assert_eq!(names.len(), 5, "{names:?}");
}
