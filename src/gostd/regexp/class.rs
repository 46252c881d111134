//! The named character classes: `\d`, `[:alpha:]`, `\p{Greek}`.

use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, HirKind};

/// A class of these ranges.
pub(super) fn of(ranges: &[(char, char)]) -> ClassUnicode {
    ClassUnicode::new(
        ranges
            .iter()
            .map(|&(low, high)| ClassUnicodeRange::new(low, high)),
    )
}

/// Adds all runes that differ from those of the class in case only.
pub(super) fn fold(class: &mut ClassUnicode) {
    // Fails only if the tables of case were left out of the build, and then folds nothing.
    let _ = class.try_case_fold_simple();
}

/// `\d`, `\s`, `\w` and their negations, of ASCII only.
pub(super) fn perl(letter: u8, folded: bool) -> Option<ClassUnicode> {
    let ranges: &[(char, char)] = match letter.to_ascii_lowercase() {
        b'd' => &[('0', '9')],
        b's' => &[('\t', '\n'), ('\x0c', '\r'), (' ', ' ')],
        b'w' => WORD,
        _ => return None,
    };
    Some(group(ranges, letter.is_ascii_uppercase(), folded))
}

const WORD: &[(char, char)] = &[('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')];

/// `alpha` of `[:alpha:]`, or `^alpha`.
pub(super) fn posix(name: &[u8], folded: bool) -> Option<ClassUnicode> {
    let (negated, name) = match name {
        [b'^', rest @ ..] => (true, rest),
        rest => (false, rest),
    };
    let ranges: &[(char, char)] = match name {
        b"alnum" => &[('0', '9'), ('A', 'Z'), ('a', 'z')],
        b"alpha" => &[('A', 'Z'), ('a', 'z')],
        b"ascii" => &[('\0', '\x7f')],
        b"blank" => &[('\t', '\t'), (' ', ' ')],
        b"cntrl" => &[('\0', '\x1f'), ('\x7f', '\x7f')],
        b"digit" => &[('0', '9')],
        b"graph" => &[('!', '~')],
        b"lower" => &[('a', 'z')],
        b"print" => &[(' ', '~')],
        b"punct" => &[('!', '/'), (':', '@'), ('[', '`'), ('{', '~')],
        b"space" => &[('\t', '\r'), (' ', ' ')],
        b"upper" => &[('A', 'Z')],
        b"word" => WORD,
        b"xdigit" => &[('0', '9'), ('A', 'F'), ('a', 'f')],
        _ => return None,
    };
    Some(group(ranges, negated, folded))
}

fn group(ranges: &[(char, char)], negated: bool, folded: bool) -> ClassUnicode {
    let mut class = of(ranges);
    if folded {
        fold(&mut class);
    }
    if negated {
        class.negate();
    }
    class
}

/// The class of a Unicode category or script; case, blanks, `-` and `_` of the name do not count.
// DIFFERS(helm): the library's tables are of Unicode 16, so the characters that Unicode 17 brought
// belong to no category yet, and of scripts only to the new ones.
pub(super) fn unicode(name: &[u8]) -> Option<ClassUnicode> {
    let kept = |byte: &u8| !matches!(byte, b'_' | b'-' | b' ');
    let name: Vec<u8> = name.iter().copied().filter(kept).collect();
    let name = String::from_utf8(name.to_ascii_lowercase()).ok()?;
    let known = |list: &str| list.split_ascii_whitespace().any(|known| known == name);
    match name.as_str() {
        "any" => return Some(of(&[('\0', char::MAX)])),
        "ascii" => return Some(of(&[('\0', '\x7f')])),
        // No text that can be read holds surrogates.
        "cs" | "surrogate" => return Some(ClassUnicode::empty()),
        "assigned" => {
            let mut class = property("gc=Unassigned")?;
            class.negate();
            return Some(class);
        }
        _ => {}
    }
    if known(CATEGORIES) {
        return property(&format!("gc={name}"));
    }
    if known(SCRIPTS) {
        return property(&format!("sc={name}"));
    }
    let ranges = RECENT_SCRIPTS.iter().find(|(script, _)| *script == name)?.1;
    Some(of(ranges))
}

fn property(query: &str) -> Option<ClassUnicode> {
    let hir = regex_syntax::parse(&format!("\\p{{{query}}}")).ok()?;
    match hir.into_kind() {
        HirKind::Class(Class::Unicode(class)) => Some(class),
        _ => None,
    }
}

/// Categories, in short and in full, without `Cs`.
const CATEGORIES: &str = "
    c cc cf cn co l lc ll lm lo lt lu m mc me mn n nd nl no p pc pd pe pf pi po ps s sc sk sm so z
    zl zp zs casedletter closepunctuation cntrl combiningmark connectorpunctuation control
    currencysymbol dashpunctuation decimalnumber digit enclosingmark finalpunctuation format
    initialpunctuation letter letternumber lineseparator lowercaseletter mark mathsymbol
    modifierletter modifiersymbol nonspacingmark number openpunctuation other otherletter
    othernumber otherpunctuation othersymbol paragraphseparator privateuse punct punctuation
    separator spaceseparator spacingmark symbol titlecaseletter unassigned uppercaseletter";

/// Scripts by their full names; the codes of four letters are not known.
const SCRIPTS: &str = "
    adlam ahom anatolianhieroglyphs arabic armenian avestan balinese bamum bassavah batak
    bengali bhaiksuki bopomofo brahmi braille buginese buhid canadianaboriginal carian
    caucasianalbanian chakma cham cherokee chorasmian common coptic cuneiform cypriot
    cyprominoan cyrillic deseret devanagari divesakuru dogra duployan egyptianhieroglyphs
    elbasan elymaic ethiopic garay georgian glagolitic gothic grantha greek gujarati
    gunjalagondi gurmukhi gurungkhema han hangul hanifirohingya hanunoo hatran hebrew hiragana
    imperialaramaic inherited inscriptionalpahlavi inscriptionalparthian javanese kaithi
    kannada katakana kawi kayahli kharoshthi khitansmallscript khmer khojki khudawadi kiratrai
    lao latin lepcha limbu lineara linearb lisu lycian lydian mahajani makasar malayalam
    mandaic manichaean marchen masaramgondi medefaidrin meeteimayek mendekikakui
    meroiticcursive meroitichieroglyphs miao modi mongolian mro multani myanmar nabataean
    nagmundari nandinagari newa newtailue nko nushu nyiakengpuachuehmong ogham olchiki
    oldhungarian olditalic oldnortharabian oldpermic oldpersian oldsogdian oldsoutharabian
    oldturkic olduyghur olonal oriya osage osmanya pahawhhmong palmyrene paucinhau phagspa
    phoenician psalterpahlavi rejang runic samaritan saurashtra sharada shavian siddham
    signwriting sinhala sogdian sorasompeng soyombo sundanese sunuwar sylotinagri syriac
    tagalog tagbanwa taile taitham taiviet takri tamil tangsa tangut telugu thaana thai tibetan
    tifinagh tirhuta todhri toto tulutigalari ugaritic vai vithkuqi wancho warangciti yezidi yi
    zanabazarsquare";

/// Scripts of Unicode 17, which the tables of the library do not have yet.
const RECENT_SCRIPTS: &[(&str, &[(char, char)])] = &[
    (
        "beriaerfe",
        &[('\u{16ea0}', '\u{16eb8}'), ('\u{16ebb}', '\u{16ed3}')],
    ),
    ("sidetic", &[('\u{10940}', '\u{10959}')]),
    (
        "taiyo",
        &[
            ('\u{1e6c0}', '\u{1e6de}'),
            ('\u{1e6e0}', '\u{1e6f5}'),
            ('\u{1e6fe}', '\u{1e6ff}'),
        ],
    ),
    (
        "tolongsiki",
        &[('\u{11db0}', '\u{11ddb}'), ('\u{11de0}', '\u{11de9}')],
    ),
];
