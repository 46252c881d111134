//! What each keyword of a schema asks of a value.
//!
//! A [`Check`] comes in: one schema applied to one value. What is wrong is noted in it, and what was looked at is
//! crossed off, for the keywords about what is left.
//!
//! Go: santhosh-tekuri/jsonschema v6 `Schema.Validate`.

use super::*;

impl<'r> Run<'r> {
    pub(super) fn check_object(
        &mut self,
        check: &mut Check<'r, '_>,
        members: &Entries,
        draft: Draft,
    ) {
        let schema = check.schema;
        let count = members.len();
        if let Some(min) = schema.min_properties.filter(|min| count < *min) {
            self.note(check, || limit("minProperties", count, min));
        }
        if let Some(max) = schema.max_properties.filter(|max| count > *max) {
            self.note(check, || limit("maxProperties", count, max));
        }
        let names = schema.required.len() + schema.dependencies.len();
        let names = names + schema.dependent_schemas.len() + schema.dependent_required.len();
        if let Err(violation) = self.spend(check.is_quiet, cost::NAME * names as u64) {
            check.wrong.push(violation);
            return;
        }
        let missing = missing(members, &schema.required);
        if !missing.is_empty() {
            self.note(check, || match missing.as_slice() {
                [one] => format!("missing property {}", quoted(one)),
                several => format!("missing properties {}", all_quoted(several)),
            });
        }
        if check.is_quiet && !check.wrong.is_empty() {
            return;
        }
        for (name, dependency) in &schema.dependencies {
            if members.contains_key(name.as_bytes()) {
                match dependency {
                    Dependency::Required(names) => self.note_missing(check, members, name, names),
                    Dependency::Schema(schema) => {
                        let result = self.same(check, *schema, None, false);
                        check.wrong.extend(result.err());
                    }
                }
            }
        }
        self.check_members(check, members);
        if draft == Draft::V4 || check.is_quiet && !check.wrong.is_empty() {
            return;
        }
        if let Some(schema) = schema.property_names {
            for name in members.keys() {
                self.check_name(check, schema, name);
            }
        }
        for (name, schema) in &schema.dependent_schemas {
            if members.contains_key(name.as_bytes()) {
                let result = self.same(check, *schema, None, false);
                check.wrong.extend(result.err());
            }
        }
        for (name, names) in &schema.dependent_required {
            if members.contains_key(name.as_bytes()) {
                self.note_missing(check, members, name, names);
            }
        }
    }

    fn check_members(&mut self, check: &mut Check<'r, '_>, members: &Entries) {
        let schema = check.schema;
        let mut additional = Vec::new();
        for (name, value) in members {
            if check.is_quiet && !check.wrong.is_empty() {
                return;
            }
            let patterns = cost::PATTERN * schema.pattern_properties.len() as u64;
            if let Err(violation) = self.spend(check.is_quiet, cost::NAME + patterns) {
                check.wrong.push(violation);
                return;
            }
            let text = name.to_lossy();
            let mut applied = Vec::new();
            applied.extend(schema.properties.get(&*text));
            let matching = schema.pattern_properties.iter();
            let matching = matching.filter(|(pattern, _)| pattern.is_match(name));
            applied.extend(matching.map(|(_, schema)| schema));
            if applied.is_empty() {
                match &schema.additional_properties {
                    None => continue,
                    Some(Additional::Allowed(true)) => {}
                    Some(Additional::Allowed(false)) => additional.push(text.into_owned()),
                    Some(Additional::Schema(schema)) => applied.push(schema),
                }
            }
            for schema in applied {
                let result = self.part(check, *schema, value, Part::Name(name.clone()));
                check.wrong.extend(result.err());
            }
            check.left.members.remove(name);
        }
        if !additional.is_empty() {
            self.note(check, || {
                format!(
                    "additional properties {} not allowed",
                    all_quoted(&additional)
                )
            });
        }
    }

    fn check_name(&mut self, check: &mut Check<'r, '_>, schema: Index, name: &Str) {
        // The name stands alone: places in the report begin anew.
        let place = std::mem::take(&mut self.place);
        let trail = std::mem::take(&mut self.trail);
        let result = self.whole(schema, &Value::string(name.clone()));
        self.place = place;
        self.trail = trail;
        if let Err(violation) = result {
            let text = || format!("invalid propertyName {}", quoted(&name.to_lossy()));
            self.note_with(check, text, violation.causes);
            let length = self.place.len();
            if let Some(noted) = check.wrong.last_mut() {
                noted.stale_length = (length <= TRAIL_LENGTH).then_some(length);
            }
        }
    }

    fn note_missing(
        &self,
        check: &mut Check<'r, '_>,
        members: &Entries,
        name: &str,
        names: &[String],
    ) {
        if let Err(violation) = self.spend(check.is_quiet, cost::NAME * names.len() as u64) {
            check.wrong.push(violation);
            return;
        }
        let missing = missing(members, names);
        if !missing.is_empty() {
            self.note(check, || {
                let missing = all_quoted(&missing);
                format!("properties {missing} required, if {} exists", quoted(name))
            });
        }
    }

    pub(super) fn check_array(&mut self, check: &mut Check<'r, '_>, list: &List, draft: Draft) {
        let schema = check.schema;
        let count = list.len();
        if let Some(min) = schema.min_items.filter(|min| count < *min) {
            self.note(check, || limit("minItems", count, min));
        }
        if let Some(max) = schema.max_items.filter(|max| count > *max) {
            self.note(check, || limit("maxItems", count, max));
        }
        if schema.unique_items {
            match duplicates(list.items(), |cost| self.spend(check.is_quiet, cost)) {
                Ok(None) => {}
                Ok(Some((first, second))) => self.note(check, || {
                    let (first, second) = (number::count(first), number::count(second));
                    format!("items at {first} and {second} are equal")
                }),
                Err(violation) => check.wrong.push(violation),
            }
        }
        let first_count = schema.first_items.len().min(count);
        for (i, item) in list.items().iter().enumerate() {
            let schema = match (schema.first_items.get(i), schema.other_items) {
                (Some(schema), _) => *schema,
                (None, Some(Additional::Schema(schema))) => schema,
                (None, _) => break,
            };
            let result = self.part(check, schema, item, Part::Index(i));
            check.wrong.extend(result.err());
        }
        if let Some(Additional::Allowed(false)) = schema.other_items
            && first_count < count
        {
            self.note(check, || {
                let extra = number::count(count - first_count);
                format!("last {extra} additionalItem(s) not allowed")
            });
        }
        if let Some(contains) = schema.contains {
            self.check_contains(check, contains, list.items(), draft);
        }
    }

    fn check_contains(
        &mut self,
        check: &mut Check<'r, '_>,
        contains: Index,
        items: &[Value],
        draft: Draft,
    ) {
        let schema = check.schema;
        let mut matched = Vec::new();
        let mut wrong = Vec::new();
        for (i, item) in items.iter().enumerate() {
            match self.part(check, contains, item, Part::Index(i)) {
                Ok(()) => {
                    matched.push(i.to_string());
                    if draft >= Draft::V2020 {
                        check.left.items.remove(&i);
                    }
                }
                Err(violation) => wrong.push(violation),
            }
        }
        let found = || {
            let count = number::count(matched.len());
            format!("but matched {count} items at {}", matched.join(" "))
        };
        match schema.min_contains {
            Some(min) if matched.len() < min => {
                let text = || {
                    let found = if matched.is_empty() {
                        "but none matched".to_owned()
                    } else {
                        found()
                    };
                    let min = number::count(min);
                    format!("min {min} items required to match contains schema, {found}")
                };
                self.note_with(check, text, wrong);
            }
            None if matched.is_empty() => {
                let text = || "no items match contains schema".to_owned();
                self.note_with(check, text, wrong);
            }
            _ => {}
        }
        if let Some(max) = schema.max_contains.filter(|max| matched.len() > *max) {
            self.note(check, || {
                let max = number::count(max);
                format!(
                    "max {max} items required to match contains schema, {}",
                    found()
                )
            });
        }
    }

    pub(super) fn check_text(&self, check: &mut Check<'r, '_>, text: &Str) {
        let schema = check.schema;
        if schema.min_length.is_some() || schema.max_length.is_some() {
            let length = unicode::rune_count(text);
            if let Some(min) = schema.min_length.filter(|min| length < *min) {
                self.note(check, || limit("minLength", length, min));
            }
            if let Some(max) = schema.max_length.filter(|max| length > *max) {
                self.note(check, || limit("maxLength", length, max));
            }
        }
        if let Some(pattern) = &schema.pattern
            && !pattern.is_match(text)
        {
            self.note(check, || {
                let (text, pattern) = (quoted(&text.to_lossy()), quoted(pattern.text()));
                format!("{text} does not match pattern {pattern}")
            });
        }
    }

    pub(super) fn check_number(&self, check: &mut Check<'r, '_>, number: f64) {
        let schema = check.schema;
        type Fits = fn(f64, f64) -> bool;
        let limits: [(&str, Option<f64>, Fits); 5] = [
            ("minimum", schema.minimum, |n, limit| n >= limit),
            ("maximum", schema.maximum, |n, limit| n <= limit),
            ("exclusiveMinimum", schema.exclusive_minimum, |n, limit| {
                n > limit
            }),
            ("exclusiveMaximum", schema.exclusive_maximum, |n, limit| {
                n < limit
            }),
            ("multipleOf", schema.multiple_of, number::is_multiple),
        ];
        for (keyword, wanted, fits) in limits {
            if let Some(wanted) = wanted
                && !fits(number, wanted)
            {
                self.note(check, || {
                    let (found, wanted) = (number::text(number), number::text(wanted));
                    format!("{keyword}: got {found}, want {wanted}")
                });
            }
        }
    }

    pub(super) fn check_references(&mut self, check: &mut Check<'r, '_>) {
        let schemas = self.schemas;
        if let Some(mut target) = check.schema.recursive_reference {
            if schemas.get(target).recursive_anchor {
                target = check.scope.outermost(
                    target,
                    |scope, resource| resource.recursive_anchor.then_some(scope.schema),
                    schemas,
                );
            }
            let result = self.follow(check, target, "$recursiveRef");
            check.wrong.extend(result.err());
        }
        if let Some((target, anchor)) = &check.schema.dynamic_reference {
            let mut target = *target;
            if let Some(name) = anchor
                && schemas.get(target).dynamic_anchor.as_ref() == Some(name)
            {
                target = check.scope.outermost(
                    target,
                    |_, resource| resource.dynamic_anchors.get(name).copied(),
                    schemas,
                );
            }
            let result = self.follow(check, target, "$dynamicRef");
            check.wrong.extend(result.err());
        }
    }

    pub(super) fn check_combinations(&mut self, check: &mut Check<'r, '_>) {
        let schema = check.schema;
        if let Some(not) = schema.not
            && self.same(check, not, None, true).is_ok()
        {
            self.note(check, || "'not' failed".to_owned());
        }
        let mut wrong = Vec::new();
        for schema in &schema.all_of {
            if let Err(violation) = self.same(check, *schema, None, false) {
                wrong.push(violation);
                if check.is_quiet {
                    break;
                }
            }
        }
        if !wrong.is_empty() {
            self.note_with(check, || "'allOf' failed".to_owned(), wrong);
        }
        if !schema.any_of.is_empty() {
            self.check_any_of(check);
        }
        if !schema.one_of.is_empty() {
            self.check_one_of(check);
        }
        if let Some(condition) = schema.if_schema {
            let branch = match self.same(check, condition, None, true) {
                Ok(()) => schema.then_schema,
                Err(_) => schema.else_schema,
            };
            if let Some(branch) = branch {
                let result = self.same(check, branch, None, false);
                check.wrong.extend(result.err());
            }
        }
    }

    fn check_any_of(&mut self, check: &mut Check<'r, '_>) {
        let mut wrong = Vec::new();
        let mut is_matched = false;
        let told = self.account.told();
        for schema in &check.schema.any_of {
            match self.same(check, *schema, None, false) {
                Ok(()) => {
                    is_matched = true;
                    self.account.take_back(told);
                    // The others only matter for what they look at.
                    if check.left.is_empty() {
                        break;
                    }
                }
                Err(violation) => wrong.push(violation),
            }
        }
        if !is_matched {
            self.note_with(check, || "'anyOf' failed".to_owned(), wrong);
        }
    }

    fn check_one_of(&mut self, check: &mut Check<'r, '_>) {
        let mut wrong = Vec::new();
        let mut matched = None;
        let told = self.account.told();
        for (i, schema) in check.schema.one_of.iter().enumerate() {
            match (self.same(check, *schema, None, matched.is_some()), matched) {
                (Ok(()), None) => {
                    matched = Some(i);
                    self.account.take_back(told);
                }
                (Ok(()), Some(first)) => {
                    self.note(check, || {
                        let (first, second) = (number::count(first), number::count(i));
                        format!("'oneOf' failed, subschemas {first}, {second} matched")
                    });
                    return;
                }
                (Err(violation), None) => wrong.push(violation),
                (Err(_), Some(_)) => {}
            }
        }
        if matched.is_none() {
            let text = || "'oneOf' failed, none matched".to_owned();
            self.note_with(check, text, wrong);
        }
    }

    pub(super) fn check_unevaluated(&mut self, check: &mut Check<'r, '_>) {
        if let (Some(schema), Some(map)) =
            (check.schema.unevaluated_properties, check.value.as_map())
        {
            for name in std::mem::take(&mut check.left.members) {
                if let Some(value) = map.get(&name) {
                    let result = self.part(check, schema, &value, Part::Name(name));
                    check.wrong.extend(result.err());
                }
            }
        }
        if let (Some(schema), Some(list)) = (check.schema.unevaluated_items, check.value.as_list())
        {
            for index in std::mem::take(&mut check.left.items) {
                if let Some(item) = list.get(index) {
                    let result = self.part(check, schema, item, Part::Index(index));
                    check.wrong.extend(result.err());
                }
            }
        }
    }
}
