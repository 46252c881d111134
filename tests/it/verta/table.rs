//! `docs/verta-chart.md` says which test proves what: the tests are there.

use crate::support::project;

#[test]
fn the_table_names_tests_that_exist() {
    let read = |path: &str| {
        std::fs::read_to_string(project().join(path))
            .unwrap_or_else(|error| panic!("{path}: {error}"))
    };
    let table = read("docs/verta-chart.md");
    let mut seen = 0;
    for name in table.split('`').skip(1).step_by(2) {
        if let Some((module, test)) = name.split_once("::") {
            let source = read(&format!("tests/it/verta/{module}.rs"));
            assert!(source.contains(&format!("#[test]\nfn {test}()")), "{name}");
            seen += 1;
        }
    }
    assert!(seen > 20, "tests are named: {seen}");
}
