//! Nodes to matchers: common parts of alternatives are factored out, neighbours are glued, and the
//! longest fixed piece becomes the pivot that is searched first.

use super::matcher::{Matcher, Tree};
use super::parse::Node;

/// Plans a whole pattern.
pub(super) fn plan(nodes: &[Node]) -> Matcher {
    if nodes.is_empty() {
        return Matcher::Nothing;
    }
    let matchers = nodes.iter().map(plan_node).collect();
    simplify(combine(glue_runs(matchers)))
}

fn plan_node(node: &Node) -> Matcher {
    match node {
        Node::Text(text) => Matcher::Text(text.clone()),
        Node::Any => Matcher::Any,
        Node::Super => Matcher::Super,
        Node::Single => Matcher::Single,
        Node::Nothing => Matcher::Nothing,
        Node::List { runes, negated } => match runes[..] {
            [only] if !negated => Matcher::Text(String::from(only).into_bytes()),
            _ => Matcher::List {
                runes: runes.clone(),
                negated: *negated,
            },
        },
        &Node::Range { low, high, negated } => Matcher::Range { low, high, negated },
        Node::Sequence(nodes) => plan(nodes),
        Node::Alternatives(alternatives) => match factor(alternatives) {
            Some(nodes) => plan(&nodes),
            None => any_of(alternatives.iter().map(|nodes| plan(nodes)).collect()),
        },
    }
}

fn any_of(mut matchers: Vec<Matcher>) -> Matcher {
    if matchers.len() == 1
        && let Some(only) = matchers.pop()
    {
        return only;
    }
    Matcher::AnyOf(matchers)
}

/// Takes nodes that all alternatives begin or end with out of them: `{*a,*b}` is `*{a,b}`.
fn factor(alternatives: &[Vec<Node>]) -> Option<Vec<Node>> {
    let (shortest_at, shortest) = alternatives
        .iter()
        .enumerate()
        .min_by_key(|(_, nodes)| nodes.len())?;
    if alternatives.len() < 2 {
        return None;
    }
    let others = || {
        let others = alternatives
            .iter()
            .enumerate()
            .filter(|&(at, _)| at != shortest_at);
        others.map(|(_, nodes)| nodes)
    };
    // Both ends are walked in step, and together they take no more than the shortest has.
    let (mut left, mut right) = (0, 0);
    let (mut left_open, mut right_open) = (true, true);
    let count = shortest.len();
    for step in 0..count {
        if left + right >= count || !(left_open || right_open) {
            break;
        }
        let from_end = count - 1 - step;
        left_open = left_open && others().all(|nodes| nodes[step] == shortest[step]);
        right_open = right_open
            && !(left_open && from_end <= step)
            && others().all(|nodes| nodes[nodes.len() - 1 - step] == shortest[from_end]);
        left += usize::from(left_open);
        right += usize::from(right_open);
    }
    if left + right == 0 {
        return None;
    }
    let mut middles: Vec<Node> = Vec::new();
    for nodes in alternatives {
        let middle = match &nodes[left..nodes.len() - right] {
            [] => Node::Nothing,
            rest => Node::Sequence(rest.to_vec()),
        };
        if !middles.contains(&middle) {
            middles.push(middle);
        }
    }
    let mut factored = Vec::with_capacity(3);
    if left > 0 {
        factored.push(Node::Sequence(shortest[..left].to_vec()));
    }
    match middles.as_slice() {
        [Node::Nothing] => {}
        [only] => factored.push(only.clone()),
        _ => factored.push(Node::Alternatives(
            middles.into_iter().map(into_nodes).collect(),
        )),
    }
    if right > 0 {
        factored.push(Node::Sequence(shortest[count - right..].to_vec()));
    }
    Some(factored)
}

/// The nodes of an alternative that [`factor`] leaves.
fn into_nodes(node: Node) -> Vec<Node> {
    match node {
        Node::Sequence(nodes) => nodes,
        Node::Nothing => Vec::new(),
        other => vec![other],
    }
}

/// Glues the best run of neighbours into one matcher, again and again.
fn glue_runs(mut matchers: Vec<Matcher>) -> Vec<Matcher> {
    loop {
        let mut best: Option<(usize, usize, Matcher)> = None;
        for start in 0..matchers.len() {
            // Of the runs that begin here the longest decides.
            let count = every_run(&matchers[start..]).max(row_run(&matchers[start..]));
            if count < 2 {
                continue;
            }
            let better = |(_, best_count, best): &(usize, usize, Matcher)| {
                let longer = |glued: &Matcher| matches!((best.fixed_len(), glued.fixed_len()), (Some(a), Some(b)) if b > a);
                count > *best_count
                    || glue(&matchers[start..start + count]).is_some_and(|g| longer(&g))
            };
            if best.as_ref().is_none_or(better)
                && let Some(glued) = glue(&matchers[start..start + count])
            {
                best = Some((start, count, glued));
            }
        }
        let Some((start, count, glued)) = best else {
            return matchers;
        };
        matchers.splice(start..start + count, [glued]);
    }
}

/// How many matchers from the first on can be checked at once on the same text.
fn every_run(matchers: &[Matcher]) -> usize {
    let Some(separators) = matchers.first().and_then(separators) else {
        return 0;
    };
    matchers
        .iter()
        .take_while(|&m| self::separators(m).as_ref() == Some(&separators))
        .count()
}

/// How many matchers from the first on have a fixed length.
fn row_run(matchers: &[Matcher]) -> usize {
    matchers
        .iter()
        .take_while(|matcher| matcher.fixed_len().is_some())
        .count()
}

/// The runes a matcher of any text or of one rune does not take; `None` for other matchers.
fn separators(matcher: &Matcher) -> Option<Vec<char>> {
    match matcher {
        Matcher::Super => Some(Vec::new()),
        Matcher::Any | Matcher::Single => Some(vec!['/']),
        Matcher::List {
            runes,
            negated: true,
        } => Some(runes.clone()),
        _ => None,
    }
}

/// One matcher for all of two or more neighbours, if they go together.
fn glue(matchers: &[Matcher]) -> Option<Matcher> {
    if matchers.len() < 2 {
        return None;
    }
    if every_run(matchers) == matchers.len() {
        return Some(glue_every(matchers));
    }
    let lens = matchers.iter().map(Matcher::fixed_len);
    let len = lens.sum::<Option<usize>>()?;
    Some(Matcher::Row {
        matchers: matchers.to_vec(),
        len,
    })
}

/// `*?*` and the like: so many runes, and none of the separators.
fn glue_every(matchers: &[Matcher]) -> Matcher {
    let any = matchers.contains(&Matcher::Any);
    let super_any = matchers.contains(&Matcher::Super);
    let one_rune = |m: &&Matcher| matches!(m, Matcher::Single | Matcher::List { .. });
    let count = matchers.iter().filter(one_rune).count();
    if count == 0 {
        return if super_any {
            Matcher::Super
        } else {
            Matcher::Any
        };
    }
    let separators = matchers.first().and_then(separators).unwrap_or_default();
    let mut every = vec![Matcher::Min(count)];
    if !any && !super_any {
        every.push(Matcher::Max(count));
    }
    // The separators are looked for as one text: `[!ab][!ab]` refuses `ab`, but takes `ba`.
    let needle: String = separators.into_iter().collect();
    if !needle.is_empty() {
        every.push(Matcher::Contains {
            needle: needle.into_bytes(),
            negated: true,
        });
    }
    Matcher::Every(every)
}

/// One matcher for all, in a tree around the last of the longest fixed ones.
fn combine(mut matchers: Vec<Matcher>) -> Matcher {
    if matchers.len() <= 1 {
        return matchers.pop().unwrap_or(Matcher::Nothing);
    }
    if let Some(glued) = glue(&matchers) {
        return glued;
    }
    let fixed = matchers
        .iter()
        .enumerate()
        .filter_map(|(at, m)| Some((m.fixed_len()?, at)));
    let pivot_at = fixed.max().map_or(0, |(_, at)| at);
    let right: Vec<_> = matchers.drain(pivot_at + 1..).collect();
    let Some(pivot) = matchers.pop() else {
        return Matcher::Nothing;
    };
    let side = |side: Vec<Matcher>| (!side.is_empty()).then(|| combine(side));
    Matcher::Tree(Box::new(Tree::new(pivot, side(matchers), side(right))))
}

/// Replaces trees around a text by the matcher that says the same directly.
fn simplify(matcher: Matcher) -> Matcher {
    let Matcher::Tree(mut tree) = matcher else {
        return matcher;
    };
    tree.left = tree.left.map(simplify);
    tree.right = tree.right.map(simplify);
    let Matcher::Text(text) = &tree.pivot else {
        return Matcher::Tree(tree);
    };
    let text = text.clone();
    match (&tree.left, &tree.right) {
        (None, None) => Matcher::Text(text),
        (Some(Matcher::Super), Some(Matcher::Super)) => Matcher::Contains {
            needle: text,
            negated: false,
        },
        (Some(Matcher::Super), None) => Matcher::Suffix(text),
        (None, Some(Matcher::Super)) => Matcher::Prefix(text),
        (None, Some(Matcher::Suffix(suffix))) => Matcher::PrefixSuffix(text, suffix.clone()),
        (Some(Matcher::Prefix(prefix)), None) => Matcher::PrefixSuffix(prefix.clone(), text),
        (Some(Matcher::Any), None) => Matcher::SuffixAny(text),
        (None, Some(Matcher::Any)) => Matcher::PrefixAny(text),
        _ => Matcher::Tree(tree),
    }
}
