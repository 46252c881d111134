//! Go's slices.

use std::sync::{Arc, OnceLock};

use super::Value;
use super::gotype::ElemType;
use super::release::{Gone, Held, begin, postpone};
use super::signature::Method;

/// The type of a list: its printed name, its elements, its methods.
#[derive(Debug)]
pub struct ListType {
    /// The name as `%T` prints it.
    pub name: &'static str,
    /// The type of the elements.
    pub elem: ElemType,
    /// What templates can call on it.
    pub methods: &'static [Method],
}

impl ListType {
    const fn plain(name: &'static str, elem: ElemType) -> ListType {
        ListType {
            name,
            elem,
            methods: &[],
        }
    }

    /// `[]interface {}`.
    pub const ANY: ListType = ListType::plain("[]interface {}", ElemType::Any);
    /// `[]string`.
    pub const STRING: ListType = ListType::plain("[]string", ElemType::String);
    /// `[]int`.
    pub const INT: ListType = ListType::plain("[]int", ElemType::Int);
    /// `[][]interface {}`, what `chunk` returns.
    pub const LIST: ListType = ListType::plain("[][]interface {}", ElemType::List);
    /// `[]map[string]interface {}`, what `fromToml` makes of arrays of tables.
    pub const MAP: ListType = ListType::plain("[]map[string]interface {}", ElemType::Map);
}

/// A shared list. Its elements never change, with one exception: Go sorts a
/// `[]string` in place, see [`List::sort_in_place`].
#[derive(Clone)]
pub struct List(Arc<ListData>);

struct ListData {
    ty: &'static ListType,
    nil: bool,
    items: Vec<Value>,
    /// The elements in order, once somebody sorted the list in place.
    sorted: OnceLock<Box<[Value]>>,
    _gone: Gone,
}

impl Drop for ListData {
    #[inline]
    fn drop(&mut self) {
        if begin() {
            postpone(Held::List(std::mem::take(&mut self.items)));
        }
    }
}

impl List {
    /// Returns a list of the given type.
    pub fn new(ty: &'static ListType, items: Vec<Value>) -> List {
        List(Arc::new(ListData {
            ty,
            nil: false,
            items,
            sorted: OnceLock::new(),
            _gone: Gone,
        }))
    }

    /// Returns a nil slice: it has no elements and JSON shows it as `null`.
    pub fn nil(ty: &'static ListType) -> List {
        List(Arc::new(ListData {
            ty,
            nil: true,
            items: Vec::new(),
            sorted: OnceLock::new(),
            _gone: Gone,
        }))
    }

    /// Returns the type.
    pub fn ty(&self) -> &'static ListType {
        self.0.ty
    }

    /// Reports whether this is a nil slice.
    pub fn is_nil(&self) -> bool {
        self.0.nil
    }

    /// Returns the elements.
    pub fn items(&self) -> &[Value] {
        self.0.sorted.get().map_or(&self.0.items, |sorted| sorted)
    }

    /// Returns the number of elements.
    pub fn len(&self) -> usize {
        self.0.items.len()
    }

    /// Reports whether there are no elements.
    pub fn is_empty(&self) -> bool {
        self.0.items.is_empty()
    }

    /// Returns the element at `index`.
    pub fn get(&self, index: usize) -> Option<&Value> {
        self.items().get(index)
    }

    /// Sorts a list of strings by bytes, for everyone who holds it.
    pub fn sort_in_place(&self) {
        self.0.sorted.get_or_init(|| {
            let mut items = self.0.items.clone();
            items.sort_by(|a, b| a.as_str().cmp(&b.as_str()));
            items.into()
        });
    }

    /// Reports whether nobody else holds this list.
    pub(super) fn is_unique(&self) -> bool {
        Arc::strong_count(&self.0) == 1
    }

    /// Reports whether both are the same list in memory.
    pub fn ptr_eq(&self, other: &List) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// Returns an address-like number that tells lists apart while they live.
    pub fn identity(&self) -> usize {
        Arc::as_ptr(&self.0) as usize
    }
}

impl FromIterator<Value> for List {
    fn from_iter<I: IntoIterator<Item = Value>>(items: I) -> List {
        List::new(&ListType::ANY, items.into_iter().collect())
    }
}
