//! The shell quoting that lines of a scenario use: a line in, words out.

/// Splits a line into words: `'...'`, `"..."` and backslashes as in a POSIX shell.
pub fn words(line: &str) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match c {
            ' ' | '\t' | '\n' => words.extend(word.take()),
            '\'' => {
                let word = word.get_or_insert_default();
                loop {
                    match chars
                        .next()
                        .ok_or_else(|| format!("an open quote: {line}"))?
                    {
                        '\'' => break,
                        c => word.push(c),
                    }
                }
            }
            '"' => {
                let word = word.get_or_insert_default();
                loop {
                    match chars
                        .next()
                        .ok_or_else(|| format!("an open quote: {line}"))?
                    {
                        '"' => break,
                        '\\' => match chars.next() {
                            Some(c @ ('"' | '\\')) => word.push(c),
                            Some(c) => word.extend(['\\', c]),
                            None => return Err(format!("an open quote: {line}")),
                        },
                        c => word.push(c),
                    }
                }
            }
            '\\' => word.get_or_insert_default().extend(chars.next()),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    Ok(words)
}

#[test]
fn quoted_words() {
    let words = words(r#"a 'b c'd "e \"f\" \n" '' g\ h"#).expect("the quotes are closed");
    assert_eq!(words, ["a", "b cd", r#"e "f" \n"#, "", "g h"]);
}
