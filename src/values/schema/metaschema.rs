//! The schemas of the drafts themselves.
//!
//! They say the same as the published ones, in the same structure, as far as
//! reports show it. They are read only when something is wrong with a schema.

/// Returns the text of a draft's schema, or of a part of it, by its address.
pub(super) fn text(url: &str) -> Option<&'static str> {
    let path = url
        .strip_prefix("http://json-schema.org/")
        .or_else(|| url.strip_prefix("https://json-schema.org/"))?;
    let texts = [
        ("draft-04/schema", include_str!("metaschema/draft-04.json")),
        ("draft-06/schema", include_str!("metaschema/draft-06.json")),
        ("draft-07/schema", include_str!("metaschema/draft-07.json")),
        (
            "draft/2019-09/schema",
            include_str!("metaschema/2019-09.json"),
        ),
        (
            "draft/2019-09/meta/core",
            include_str!("metaschema/2019-09-core.json"),
        ),
        (
            "draft/2019-09/meta/applicator",
            include_str!("metaschema/2019-09-applicator.json"),
        ),
        (
            "draft/2019-09/meta/validation",
            include_str!("metaschema/2019-09-validation.json"),
        ),
        (
            "draft/2019-09/meta/meta-data",
            include_str!("metaschema/2019-09-meta-data.json"),
        ),
        (
            "draft/2019-09/meta/format",
            include_str!("metaschema/2019-09-format.json"),
        ),
        (
            "draft/2019-09/meta/content",
            include_str!("metaschema/2019-09-content.json"),
        ),
        (
            "draft/2020-12/schema",
            include_str!("metaschema/2020-12.json"),
        ),
        (
            "draft/2020-12/meta/core",
            include_str!("metaschema/2020-12-core.json"),
        ),
        (
            "draft/2020-12/meta/applicator",
            include_str!("metaschema/2020-12-applicator.json"),
        ),
        (
            "draft/2020-12/meta/unevaluated",
            include_str!("metaschema/2020-12-unevaluated.json"),
        ),
        (
            "draft/2020-12/meta/validation",
            include_str!("metaschema/2020-12-validation.json"),
        ),
        (
            "draft/2020-12/meta/meta-data",
            include_str!("metaschema/2020-12-meta-data.json"),
        ),
        (
            "draft/2020-12/meta/format-annotation",
            include_str!("metaschema/2020-12-format-annotation.json"),
        ),
        (
            "draft/2020-12/meta/content",
            include_str!("metaschema/2020-12-content.json"),
        ),
    ];
    texts
        .iter()
        .find(|(known, _)| *known == path)
        .map(|(_, text)| *text)
}
