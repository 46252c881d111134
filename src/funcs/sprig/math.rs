//! Integer arithmetic, in 64 bits that wrap around, and lists of integers.
//!
//! Go: sprig: `numeric.go`.

use crate::funcs::cast::to_int;
use crate::funcs::entry::{Entry, Group, func, text};
use crate::gostd::strconv::{NumErrorKind, append_int, atoi, parse_int};
use crate::limits::Limit;
use crate::template::func::{CallContext, FuncError, FuncResult};
use crate::value::ParamType::{Any, Int, String as Text};
use crate::value::print::to_text;
use crate::value::{List, ListType, Value};

pub(in crate::funcs) const GROUP: Group = Group {
    title: "Integer arithmetic",
    entries: FUNCTIONS,
};

const FUNCTIONS: &[Entry] = &[
    func("add", &[Any], |_, a| {
        int64(ints(a.rest(0)).fold(0, i64::wrapping_add))
    })
    .variadic()
    .doc("add NUMBER...", "Returns the sum.", "{{ add 1 2 3 }}", "6"),
    func("add1", &[Any], |_, a| {
        int64(to_int(a.any(0)).wrapping_add(1))
    })
    .doc("add1 NUMBER", "Adds one.", "{{ add1 1 }}", "2"),
    func("sub", &[Any, Any], |_, a| {
        int64(to_int(a.any(0)).wrapping_sub(to_int(a.any(1))))
    })
    .doc("sub A B", "Returns A - B.", "{{ sub 5 2 }}", "3"),
    func("mul", &[Any, Any], |_, a| {
        int64(ints(a.rest(1)).fold(to_int(a.any(0)), i64::wrapping_mul))
    })
    .variadic()
    .doc(
        "mul A B...",
        "Returns the product.",
        "{{ mul 2 3 4 }}",
        "24",
    ),
    func("div", &[Any, Any], |_, a| {
        divide(a.any(0), a.any(1), i64::wrapping_div)
    })
    .doc(
        "div A B",
        "Returns A / B without the fraction.",
        "{{ div 7 2 }}",
        "3",
    ),
    func("mod", &[Any, Any], |_, a| {
        divide(a.any(0), a.any(1), i64::wrapping_rem)
    })
    .doc(
        "mod A B",
        "Returns what the division A / B leaves, with the sign of A.",
        "{{ mod 7 2 }}",
        "1",
    ),
    MAX,
    MAX.alias("biggest"),
    func("min", &[Any, Any], |_, a| {
        int64(ints(a.rest(1)).fold(to_int(a.any(0)), i64::min))
    })
    .variadic()
    .doc("min A B...", "Returns the least.", "{{ min 1 2 3 }}", "1"),
    func("int", &[Any], |_, a| Ok(Value::int(to_int(a.any(0))))).doc(
        "int VALUE",
        "Converts to an int; what is no number becomes 0.",
        r#"{{ int "12" }}"#,
        "12",
    ),
    func("int64", &[Any], |_, a| int64(to_int(a.any(0)))).doc(
        "int64 VALUE",
        "Converts to an int64; what is no number becomes 0.",
        "{{ int64 12.9 }}",
        "12",
    ),
    func("atoi", &[Text], |_, a| Ok(Value::int(decimal(a.str(0))))).doc(
        "atoi TEXT",
        "Reads a decimal number; what is none becomes 0.",
        r#"{{ atoi "12" }}"#,
        "12",
    ),
    func("toDecimal", &[Any], |_, a| {
        int64(parse_int(&to_text(a.any(0)), 8, 64).unwrap_or(0))
    })
    .doc(
        "toDecimal VALUE",
        "Reads the digits of the value as an octal number, such as a file mode.",
        r#"{{ toDecimal "0777" }}"#,
        "511",
    ),
    func("seq", &[Int], |ctx, a| {
        let numbers: Vec<i64> = a.rest(0).iter().filter_map(Value::as_signed).collect();
        seq(ctx, &numbers)
    })
    .variadic()
    .doc(
        "seq [FIRST [STEP]] LAST",
        "Returns the numbers from FIRST, or 1, to LAST as text.",
        "{{ seq 3 }}, {{ seq 0 2 6 }}",
        "1 2 3, 0 2 4 6",
    ),
    func("until", &[Int], |ctx, a| {
        let end = a.int(0);
        int_list(ctx, Steps::new(0, end, if end < 0 { -1 } else { 1 }))
    })
    .doc(
        "until END",
        "Returns the list of the numbers from 0 up to END, END not included.",
        "{{ until 3 | toJson }}",
        "[0,1,2]",
    ),
    func("untilStep", &[Int, Int, Int], |ctx, a| {
        int_list(ctx, Steps::new(a.int(0), a.int(1), a.int(2)))
    })
    .doc(
        "untilStep START END STEP",
        "Returns the list of the numbers from START up to END, END not included.",
        "{{ untilStep 3 9 2 | toJson }}",
        "[3,5,7]",
    ),
];

const MAX: Entry = func("max", &[Any, Any], |_, a| {
    int64(ints(a.rest(1)).fold(to_int(a.any(0)), i64::max))
})
.variadic()
.doc(
    "max A B...",
    "Returns the greatest.",
    "{{ max 1 2 3 }}",
    "3",
);

fn int64(n: i64) -> FuncResult {
    Ok(Value::int64(n))
}

fn ints(values: &[Value]) -> impl Iterator<Item = i64> {
    values.iter().map(to_int)
}

fn divide(a: &Value, b: &Value, operation: fn(i64, i64) -> i64) -> FuncResult {
    match to_int(b) {
        0 => Err(FuncError::new("runtime error: integer divide by zero")),
        divisor => int64(operation(to_int(a), divisor)),
    }
}

/// Reads a decimal number; one too large is the nearest there is.
pub(super) fn decimal(digits: &[u8]) -> i64 {
    match atoi(digits) {
        Ok(n) => n,
        Err(NumErrorKind::Range) if digits.first() == Some(&b'-') => i64::MIN,
        Err(NumErrorKind::Range) => i64::MAX,
        Err(_) => 0,
    }
}

/// The numbers from `next` up or down to `end`, which is not among them. Empty if the step
/// leads away from the end.
#[derive(Clone, Copy)]
struct Steps {
    next: i64,
    end: i64,
    step: i64,
    left: u64,
}

impl Steps {
    fn new(start: i64, end: i64, step: i64) -> Steps {
        let away = step == 0 || (end < start) != (step < 0);
        let left = match step.unsigned_abs() {
            _ if away => 0,
            width => end.abs_diff(start).div_ceil(width.max(1)),
        };
        Steps {
            next: start,
            end,
            step,
            left,
        }
    }

    /// How many numbers there are.
    fn length(&self) -> usize {
        usize::try_from(self.left).unwrap_or(usize::MAX)
    }
}

impl Iterator for Steps {
    type Item = i64;

    fn next(&mut self) -> Option<i64> {
        if self.left == 0 {
            return None;
        }
        self.left -= 1;
        let number = self.next;
        self.next = number.checked_add(self.step).unwrap_or(self.end);
        Some(number)
    }
}

fn int_list(ctx: &mut dyn CallContext, steps: Steps) -> FuncResult {
    ctx.check(Limit::List, steps.length())?;
    let items = steps.map(Value::int).collect();
    Ok(List::new(&ListType::INT, items).into())
}

fn seq(ctx: &mut dyn CallContext, numbers: &[i64]) -> FuncResult {
    let towards = |start: i64, end: i64| if end < start { -1 } else { 1 };
    let (start, step, end) = match *numbers {
        [end] => (1, towards(1, end), end),
        [start, end] => (start, towards(start, end), end),
        [start, step, end] if end < start && step > 0 => (start, 0, end),
        [start, step, end] => (start, step, end),
        _ => return text(""),
    };
    // The last number is included.
    let steps = Steps::new(start, end.wrapping_add(towards(start, end)), step);
    ctx.check(Limit::List, steps.length())?;
    let mut out = Vec::new();
    for number in steps {
        if !out.is_empty() {
            out.push(b' ');
        }
        append_int(&mut out, number);
    }
    text(out)
}
