//! What each function of the catalogue is given: flavours of arguments, and the type of its result.

use verta_render::funcs::catalog::CATALOG;
use verta_render::value::ParamType;

/// One line a shape: the type of the result, the flavours of the arguments (`*`: the last one any number of times, `_`:
/// none), the names. Types and flavours are those of `expression::Expressions::argument`.
const SHAPES: &str = "\
s s trim upper lower title untitle nospace initials snakecase kebabcase camelcase swapcase b64enc b32enc sha1sum sha256sum sha512sum adler32sum regexQuoteMeta
s ss trimAll trimall trimPrefix trimSuffix
s is trunc abbrev wrap
s Is repeat indent nindent
s iis substr abbrevboth
s iss wrapWith
s sss replace
b ss contains hasPrefix hasSuffix
s a* quote squote cat print println
s ssi plural
s _ hello
s a toString toJson toYaml toRawJson toPrettyJson toYamlPretty mustToJson mustToYaml mustToRawJson mustToPrettyJson html js urlquery
s d toToml mustToToml
l a toStrings
b rs regexMatch mustRegexMatch
s rs regexFind mustRegexFind
l rsi regexFindAll mustRegexFindAll regexSplit mustRegexSplit
s rsR regexReplaceAll mustRegexReplaceAll regexReplaceAllLiteral mustRegexReplaceAllLiteral
s sl join
d ss split
d sis splitn
l ss splitList
l l sortAlpha rest initial reverse uniq compact mustRest mustInitial mustReverse mustUniq mustCompact
l la append push prepend mustAppend mustPush mustPrepend
l l* concat
l la* without mustWithout
b al has mustHas
a l first last mustFirst mustLast
l lii slice mustSlice
l Il chunk mustChunk
l a* list tuple
i n* add
i n add1 int int64 toDecimal
i nn sub div mod
i nn* mul max biggest min
f n* addf
f n add1f floor ceil float64
f nn* subf divf mulf maxf minf
f nif round
i s atoi
l I until
l iii untilStep
s i* seq
a aa default
a a* coalesce
b a* all any
b a empty not
a aab ternary
a a deepCopy mustDeepCopy
b aa deepEqual
s a typeOf kindOf
b Ka kindIs typeIs typeIsLike
a dk get
d dka set
d dk unset
b dk hasKey
l kd* pluck
d dk* pick omit
d dd* merge mergeOverwrite mustMerge mustMergeOverwrite
a kad dig
s x b64dec
s X b32dec
d j fromJson
l j fromJsonArray
a j mustFromJson
d y fromYaml
l y fromYamlArray
d o fromToml
s p base dir ext clean osBase osDir osExt osClean
b p isAbs osIsAbs
s LT date
s LTz dateInZone date_in_zone
t mt dateModify date_modify mustDateModify must_date_modify
t LS toDate mustToDate
s T htmlDate
s Tz htmlDateInZone
s t unixEpoch
s D duration durationRound
D D mustToDuration
f D durationSeconds durationMinutes durationHours durationDays durationWeeks
i D durationMilliseconds durationMicroseconds durationNanoseconds
D DD durationRoundTo durationTruncateTo
d u urlParse
s U urlJoin
v v semver
b cv semverCompare
a sa required
s s fail
d ssss lookup
s sx decryptAES
i a len
a li index
a lii index
a dk index
b nn eq ne lt le gt ge
b aa eq ne
b naa eq
b ss lt gt eq ne
a aa and or
s fa* printf
s hd include
s qd tpl
d ka dict
d kaka dict
d kakak dict
";

/// Not called with arguments they accept, and why.
const SKIPPED: &[(&str, &str)] = &[
    ("now", "another time in every run"),
    ("ago", "counts from now"),
    ("uuidv4", "random"),
    ("shuffle", "random"),
    ("randAlpha", "random"),
    ("randAlphaNum", "random"),
    ("randAscii", "random"),
    ("randBytes", "random"),
    ("randInt", "random"),
    ("randNumeric", "random"),
    ("bcrypt", "random salt"),
    ("htpasswd", "random salt"),
    ("encryptAES", "random start"),
    ("derivePassword", "a quarter of a second and 32 MiB a call"),
    ("genPrivateKey", "random key"),
    ("genCA", "random key"),
    ("genCAWithKey", "random serial number"),
    ("genSelfSignedCert", "random key"),
    ("genSelfSignedCertWithKey", "random serial number"),
    ("genSignedCert", "random key"),
    ("genSignedCertWithKey", "random serial number"),
    (
        "buildCustomCert",
        "texts for malformed certificates differ deliberately",
    ),
    ("getHostByName", "asks the network"),
    ("keys", "random order; called inside sortAlpha"),
    ("values", "random order; called inside len"),
];

/// A way to call a function.
#[derive(Clone, Debug)]
pub struct Shape {
    pub name: &'static str,
    pub result: u8,
    pub args: Vec<u8>,
    pub repeats: bool,
}

/// All ways to call the functions of the catalogue.
pub fn shapes() -> Vec<Shape> {
    let mut shapes = Vec::new();
    for line in SHAPES.lines() {
        let mut words = line.split(' ');
        let result = words.next().map_or(b'a', |word| word.as_bytes()[0]);
        let flavours = words.next().unwrap_or("_");
        let args = flavours.bytes().filter(|flavour| !b"*_".contains(flavour));
        for name in words {
            // A name the library does not have would be a slip of the table.
            if let Some(entry) = CATALOG.entry(name.as_bytes()) {
                shapes.push(Shape {
                    name: entry.func.name,
                    result,
                    args: args.clone().collect(),
                    repeats: flavours.ends_with('*'),
                });
            }
        }
    }
    // Whatever the table does not name is called by its signature.
    for entry in CATALOG.groups().iter().flat_map(|group| group.entries) {
        let name = entry.func.name;
        let named = shapes.iter().any(|shape| shape.name == name);
        if named || SKIPPED.iter().any(|(skipped, _)| *skipped == name) {
            continue;
        }
        let signature = entry.func.signature;
        shapes.push(Shape {
            name,
            result: b'a',
            args: signature
                .params
                .iter()
                .map(|param| flavour(*param))
                .collect(),
            repeats: signature.variadic,
        });
    }
    shapes
}

/// Names that are called with wrong arguments only.
pub fn skipped() -> impl Iterator<Item = &'static str> {
    SKIPPED.iter().map(|(name, _)| *name)
}

fn flavour(param: ParamType) -> u8 {
    match param {
        ParamType::String => b's',
        ParamType::Bool => b'b',
        ParamType::Int | ParamType::Int64 | ParamType::Uint32 | ParamType::Uint64 => b'i',
        ParamType::Float64 => b'f',
        ParamType::Dict => b'd',
        ParamType::List | ParamType::StringList => b'l',
        ParamType::Time => b't',
        ParamType::Duration => b'D',
        ParamType::Any | ParamType::Object(_) | ParamType::Reflect => b'a',
    }
}
