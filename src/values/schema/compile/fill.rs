//! Reads the keywords of a schema: members of a JSON object in, fields of a [`Schema`] out.
//!
//! Schemas inside it, and those it refers to, are asked of the [`Compiler`], which compiles each once.

use super::*;

/// Reads the keywords of one schema.
pub(super) struct Filler<'c, 's, 'r> {
    pub(super) compiler: &'c mut Compiler<'s>,
    pub(super) root: &'r Rc<Root>,
    pub(super) pointer: &'r mut String,
    pub(super) resource: &'r Resource,
    pub(super) members: Members<'r>,
}

impl<'r> Filler<'_, '_, 'r> {
    /// Reads them all.
    pub(super) fn fill(&mut self, schema: &mut Schema) -> Result<(), String> {
        let draft = self.resource.draft;
        schema.reference = self.reference("$ref")?;
        if draft >= Draft::V6 {
            schema.const_value = self.members.get("const").map(|value| self.part(value));
        }
        // In old drafts a reference makes what is beside it void; the library forgets
        // that of `const`.
        if draft < Draft::V2019 && schema.reference.is_some() {
            return Ok(());
        }
        self.fill_combinations(schema)?;
        self.fill_object(schema)?;
        self.fill_array(schema)?;
        self.fill_scalars(schema)?;
        if draft == Draft::V2019 {
            schema.recursive_reference = self.reference("$recursiveRef")?;
            schema.recursive_anchor = self.flag("$recursiveAnchor");
        }
        if draft >= Draft::V2020 {
            if let Some(target) = self.reference("$dynamicRef")? {
                let text = self.text("$dynamicRef").unwrap_or_default();
                let fragment = url::split(text)?.1;
                let is_anchor = !fragment.is_empty() && !fragment.starts_with('/');
                schema.dynamic_reference = Some((target, is_anchor.then_some(fragment)));
            }
            schema.dynamic_anchor = self.text("$dynamicAnchor").map(str::to_owned);
        }
        Ok(())
    }

    fn fill_combinations(&mut self, schema: &mut Schema) -> Result<(), String> {
        schema.all_of = self.list("allOf")?;
        schema.any_of = self.list("anyOf")?;
        schema.one_of = self.list("oneOf")?;
        schema.not = self.single("not")?;
        if self.resource.draft >= Draft::V7 {
            schema.if_schema = self.single("if")?;
            if schema.if_schema.is_some() {
                let constant = self.members.get("if").and_then(Json::as_bool);
                if constant != Some(false) {
                    schema.then_schema = self.single("then")?;
                }
                if constant != Some(true) {
                    schema.else_schema = self.single("else")?;
                }
            }
        }
        Ok(())
    }

    fn fill_object(&mut self, schema: &mut Schema) -> Result<(), String> {
        let draft = self.resource.draft;
        schema.properties = self.map("properties")?;
        for (pattern, target) in self.map("patternProperties")? {
            let compiled = self.pattern("patternProperties", &pattern)?;
            schema.pattern_properties.push((compiled, target));
        }
        schema.additional_properties = self.additional("additionalProperties")?;
        schema.min_properties = self.count("minProperties");
        schema.max_properties = self.count("maxProperties");
        schema.required = self.members.get("required").map(texts).unwrap_or_default();
        let dependencies = self.members.get("dependencies").and_then(Json::as_object);
        for (name, value) in dependencies.into_iter().flatten() {
            let dependency = match value.kind() {
                View::Array(_) => Dependency::Required(texts(value)),
                _ => Dependency::Schema(self.child(&["dependencies", name], value)?),
            };
            schema.dependencies.insert(name.to_string(), dependency);
        }
        if draft >= Draft::V6 {
            schema.property_names = self.single("propertyNames")?;
        }
        if draft >= Draft::V2019 {
            schema.dependent_schemas = self.map("dependentSchemas")?;
            let required = self.members.get("dependentRequired");
            for (name, value) in required.and_then(Json::as_object).into_iter().flatten() {
                schema
                    .dependent_required
                    .insert(name.to_string(), texts(value));
            }
            schema.unevaluated_properties = self.single("unevaluatedProperties")?;
        }
        Ok(())
    }

    fn fill_array(&mut self, schema: &mut Schema) -> Result<(), String> {
        let draft = self.resource.draft;
        if draft >= Draft::V2020 {
            schema.first_items = self.list("prefixItems")?;
            schema.other_items = self.single("items")?.map(Additional::Schema);
        } else if self.members.get("items").and_then(Json::as_array).is_some() {
            schema.first_items = self.list("items")?;
            schema.other_items = self.additional("additionalItems")?;
        } else {
            schema.other_items = self.single("items")?.map(Additional::Schema);
        }
        schema.min_items = self.count("minItems");
        schema.max_items = self.count("maxItems");
        schema.unique_items = self.flag("uniqueItems");
        if draft >= Draft::V6 {
            schema.contains = self.single("contains")?;
        }
        if draft >= Draft::V2019 {
            if schema.contains.is_some() {
                schema.min_contains = self.count("minContains");
                schema.max_contains = self.count("maxContains");
            }
            schema.unevaluated_items = self.single("unevaluatedItems")?;
        }
        Ok(())
    }

    fn fill_scalars(&mut self, schema: &mut Schema) -> Result<(), String> {
        let draft = self.resource.draft;
        schema.types = self.members.get("type").map(Types::new);
        let values = self.members.get("enum").and_then(Json::as_array);
        schema.enum_values = values.map(|values| values.map(|v| self.part(v)).collect());
        schema.min_length = self.count("minLength");
        schema.max_length = self.count("maxLength");
        if let Some(pattern) = self.text("pattern").map(str::to_owned) {
            schema.pattern = Some(self.pattern("pattern", &pattern)?);
        }
        schema.multiple_of = self.number("multipleOf");
        (schema.minimum, schema.exclusive_minimum) = self.limit("minimum", "exclusiveMinimum");
        (schema.maximum, schema.exclusive_maximum) = self.limit("maximum", "exclusiveMaximum");
        if draft < Draft::V2019 || self.compiler.is_meta {
            schema.format = self.text("format").and_then(format::find);
        }
        Ok(())
    }

    /// Returns an inclusive and an exclusive limit.
    fn limit(&self, inclusive: &str, exclusive: &str) -> (Option<f64>, Option<f64>) {
        let limit = self.number(inclusive);
        if self.flag(exclusive) {
            (None, limit)
        } else {
            (limit, self.number(exclusive))
        }
    }

    fn reference(&mut self, name: &str) -> Result<Option<Index>, String> {
        let Some(text) = self.text(name) else {
            return Ok(None);
        };
        let (url, fragment) = url::join(&self.resource.id, text)?;
        let local = self.root.resources.iter().find(|(_, r)| r.id == url);
        let (root, place) = if url == *self.root.url {
            (self.root.clone(), "")
        } else if let Some((place, _)) = local {
            (self.root.clone(), place.as_str())
        } else {
            (self.compiler.root(&url)?, "")
        };
        let pointer = root.resolve(place, &fragment)?;
        self.compiler.target(&root, &pointer).map(Some)
    }

    /// Compiles a schema in this one.
    fn child(&mut self, path: &[&str], schema: Json<'_>) -> Result<Index, String> {
        let (index, is_new) = self.compiler.schemas.place(schema);
        if is_new {
            let length = self.pointer.len();
            for part in path {
                self.pointer.push('/');
                self.pointer.push_str(&escape(part));
            }
            self.compiler
                .compile_at(index, self.root, schema, self.pointer)?;
            self.pointer.truncate(length);
        }
        Ok(index)
    }

    fn single(&mut self, name: &str) -> Result<Option<Index>, String> {
        match self.members.get(name) {
            Some(schema) => self.child(&[name], schema).map(Some),
            None => Ok(None),
        }
    }

    fn list(&mut self, name: &str) -> Result<Vec<Index>, String> {
        let items = self.members.get(name).and_then(Json::as_array);
        items
            .unwrap_or_default()
            .enumerate()
            .map(|(i, schema)| self.child(&[name, &i.to_string()], schema))
            .collect()
    }

    fn map(&mut self, name: &str) -> Result<BTreeMap<String, Index>, String> {
        let members = self.members.get(name).and_then(Json::as_object);
        members
            .into_iter()
            .flatten()
            .map(|(key, schema)| Ok((key.to_string(), self.child(&[name, key], schema)?)))
            .collect()
    }

    fn additional(&mut self, name: &str) -> Result<Option<Additional>, String> {
        match self.members.get(name).and_then(Json::as_bool) {
            Some(allowed) => Ok(Some(Additional::Allowed(allowed))),
            None => Ok(self.single(name)?.map(Additional::Schema)),
        }
    }

    /// Compiles a pattern. One that is wrong is told of as the schema of the draft
    /// tells it, if it looks at such patterns.
    fn pattern(&self, keyword: &str, pattern: &str) -> Result<Pattern, String> {
        Pattern::new(pattern).map_err(|error| {
            let root = &self.root;
            if !self.compiler.is_meta
                && let Err(error) = self.compiler.check_against_draft(
                    &root.url,
                    "",
                    root.document.root(),
                    self.resource.draft,
                )
            {
                return error;
            }
            let location = format!("{}/{keyword}", location(root, self.pointer));
            format!(
                "invalid regex {} at {}: {error}",
                quoted(pattern),
                quoted(&location)
            )
        })
    }

    /// Returns a value of the document as one that keeps it.
    fn part(&self, value: Json<'_>) -> Fragment {
        Fragment::new(&self.root.document, value)
    }

    fn text(&self, name: &str) -> Option<&'r str> {
        self.members.get(name)?.as_str()
    }

    fn flag(&self, name: &str) -> bool {
        self.members.get(name).and_then(Json::as_bool) == Some(true)
    }

    fn number(&self, name: &str) -> Option<f64> {
        Some(self.members.get(name)?.as_number()?.value)
    }

    fn count(&self, name: &str) -> Option<usize> {
        let number = self.number(name)?;
        // Too large a count is as good as the largest.
        (number >= 0.0 && number.fract() == 0.0).then_some(number as usize)
    }
}
