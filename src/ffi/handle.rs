//! Handles: what C holds in place of an object. A handle is a number in a pointer's clothes, never an address, so that
//! one that was freed, made up or of another kind is found out instead of followed.

use crate::error::{Error, ErrorKind, Result};
use crate::sync::RwLock;
use std::marker::PhantomData;
use std::ptr;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, PoisonError};

/// From the top: which table, which use of the slot, which slot. On 64-bit machines the table's number stands above the 48 bits of
/// an address, so that following a handle by mistake fails at once, and below the 53 bits of a `double`: JavaScript and Lua keep
/// pointers in one.
#[cfg(target_pointer_width = "64")]
mod layout {
    pub(super) const INDEX_BITS: u32 = 22;
    pub(super) const GENERATION_BITS: u32 = 28;
}
#[cfg(target_pointer_width = "32")]
mod layout {
    pub(super) const INDEX_BITS: u32 = 16;
    pub(super) const GENERATION_BITS: u32 = 13;
}
use layout::{GENERATION_BITS, INDEX_BITS};

/// What this copy of the library puts into the generations of its handles: a program may have another, in a plugin for example,
/// and a handle of that one is no handle here.
fn mark_of_copy() -> usize {
    static HERE: AtomicBool = AtomicBool::new(false);
    mark_at(ptr::from_ref(&HERE).addr())
}

/// Two copies are on different pages, which may be close together. Multiplied by the golden ratio, as for hashing, they are so
/// far apart that no slot comes from one mark to the other by being used again.
fn mark_at(address: usize) -> usize {
    const PAGE_BITS: u32 = 12;
    #[cfg(target_pointer_width = "64")]
    const GOLDEN: usize = 0x9e37_79b9_7f4a_7c15;
    #[cfg(target_pointer_width = "32")]
    const GOLDEN: usize = 0x9e37_79b9;
    (address >> PAGE_BITS).wrapping_mul(GOLDEN) >> (usize::BITS - GENERATION_BITS)
}

const INDEX_MASK: usize = (1 << INDEX_BITS) - 1;
const GENERATION_MASK: usize = (1 << GENERATION_BITS) - 1;

/// All living objects of one kind, `T` here and `Opaque` in C.
///
/// `get` hands out a counted reference: freeing a handle while another thread is inside a call with it ends the handle
/// at once and the object when that call is done.
pub(super) struct Table<T, Opaque> {
    /// Which table a handle belongs to: 1 to 7, so that it fits a 32-bit handle's top bits.
    kind: usize,
    slots: RwLock<Slots<T>>,
    opaque: PhantomData<fn() -> Opaque>,
}

struct Slots<T> {
    all: Vec<Slot<T>>,
    free: Vec<usize>,
}

struct Slot<T> {
    /// Which use of the slot this is, from 1. A slot whose generations are used up is not used again.
    generation: usize,
    value: Option<Arc<T>>,
}

impl<T, Opaque> Table<T, Opaque> {
    pub(super) const fn new(kind: usize) -> Self {
        Table { kind, slots: RwLock::new(Slots { all: Vec::new(), free: Vec::new() }), opaque: PhantomData }
    }

    /// Takes an object in. `None` when as many live as a handle can count, or where there is no memory for one more.
    pub(super) fn insert(&self, value: T) -> Option<*mut Opaque> {
        let mut slots = self.slots.write().unwrap_or_else(PoisonError::into_inner);
        let index = match slots.free.pop() {
            Some(index) => index,
            None if slots.all.len() <= INDEX_MASK => {
                let index = slots.all.len();
                slots.all.try_reserve(1).ok()?;
                // Freeing takes no memory then.
                let all_free = slots.all.capacity().saturating_sub(slots.free.len());
                slots.free.try_reserve(all_free).ok()?;
                slots.all.push(Slot { generation: 0, value: None });
                index
            }
            None => return None,
        };
        let slot = slots.all.get_mut(index)?;
        slot.generation = slot.generation.saturating_add(1);
        slot.value = Some(Arc::new(value));
        let generation = slot.generation;
        Some(self.encode(index, generation))
    }

    /// The object of a handle, kept alive for as long as the reference is held.
    pub(super) fn get(&self, handle: *const Opaque) -> Option<Arc<T>> {
        let (index, generation) = self.decode(handle)?;
        let slots = self.slots.read().unwrap_or_else(PoisonError::into_inner);
        slots.all.get(index).filter(|slot| slot.generation == generation)?.value.clone()
    }

    /// As `get`, for an argument of this name: NULL and a handle that is not alive are told apart.
    pub(super) fn require(&self, handle: *const Opaque, name: &str) -> Result<Arc<T>> {
        if handle.is_null() {
            return Err(Error::invalid_argument(format!("{name} is NULL")));
        }
        self.get(handle).ok_or_else(|| Error::new(ErrorKind::InvalidHandle).remark(format!("It is {name}")))
    }

    /// Takes an object in that C has asked for.
    pub(super) fn hand_out(&self, value: T) -> Result<*mut Opaque> {
        self.insert(value)
            .ok_or_else(|| Error::new(ErrorKind::OutOfMemory).remark("There are too many objects of this kind"))
    }

    /// Ends a handle. The object goes with the last reference to it.
    pub(super) fn remove(&self, handle: *const Opaque) -> Option<Arc<T>> {
        let (index, generation) = self.decode(handle)?;
        let mut slots = self.slots.write().unwrap_or_else(PoisonError::into_inner);
        let slot = slots.all.get_mut(index).filter(|slot| slot.generation == generation)?;
        let value = slot.value.take()?;
        if generation < GENERATION_MASK {
            slots.free.push(index);
        }
        Some(value)
    }

    fn encode(&self, index: usize, generation: usize) -> *mut Opaque {
        let generation = generation ^ mark_of_copy();
        ptr::without_provenance_mut((self.kind << (INDEX_BITS + GENERATION_BITS)) | (generation << INDEX_BITS) | index)
    }

    fn decode(&self, handle: *const Opaque) -> Option<(usize, usize)> {
        let bits = handle.addr();
        (bits >> (INDEX_BITS + GENERATION_BITS) == self.kind)
            .then_some((bits & INDEX_MASK, ((bits >> INDEX_BITS) & GENERATION_MASK) ^ mark_of_copy()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Opaque;

    #[test]
    fn a_freed_foreign_or_made_up_handle_is_found_out() {
        let table: Table<&str, Opaque> = Table::new(1);
        let other: Table<&str, Opaque> = Table::new(2);
        let first = table.insert("first").unwrap();
        assert_eq!(table.get(first).as_deref(), Some(&"first"));
        assert!(other.get(first).is_none(), "of another kind");
        assert_eq!(table.remove(first).as_deref(), Some(&"first"));
        assert!(table.get(first).is_none(), "freed");
        assert!(table.remove(first).is_none(), "freed twice");
        let second = table.insert("second").unwrap();
        assert_ne!(first, second, "the slot is used again, the handle is not");
        assert!(table.remove(first).is_none(), "an old handle frees nothing new");
        let local = 5_u64;
        for made_up in [ptr::null(), ptr::from_ref(&local).cast(), ptr::without_provenance(usize::MAX)] {
            assert!(table.get(made_up).is_none());
        }
    }

    #[cfg(target_pointer_width = "64")]
    #[test]
    #[allow(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "is tested"
    )]
    fn a_handle_goes_through_a_double_and_is_no_address() {
        for kind in 1..=7 {
            for generation in [0, 1, GENERATION_MASK] {
                let handle = Table::<u8, Opaque>::new(kind).encode(INDEX_MASK, generation ^ mark_of_copy()).addr();
                assert_eq!(handle as f64 as usize, handle);
                assert!(handle >> 48 > 0);
            }
        }
    }

    #[test]
    fn an_object_outlives_its_handle_while_it_is_in_use() {
        let table: Table<String, Opaque> = Table::new(1);
        let handle = table.insert("kept".to_owned()).unwrap();
        let in_use = table.get(handle).unwrap();
        drop(table.remove(handle));
        assert_eq!(*in_use, "kept");
    }

    #[cfg(target_pointer_width = "64")]
    #[test]
    fn copies_that_are_close_together_have_marks_that_are_far_apart() {
        let marks: Vec<_> = (0..1000).map(|page| mark_at(0x7f12_3456_7000 + page * 4096)).collect();
        for (number, mark) in marks.iter().enumerate() {
            assert!(marks[..number].iter().all(|other| mark ^ other > 1 << 16), "{number}");
        }
    }

    #[test]
    fn no_more_objects_live_than_a_handle_can_count() {
        let table = Table::<u8, Opaque>::new(1);
        let mut slots = table.slots.write().unwrap();
        slots.all.reserve_exact(INDEX_MASK + 1);
        slots.all.resize_with(INDEX_MASK, || Slot { generation: 1, value: None });
        drop(slots);
        let last = table.insert(7).unwrap();
        assert_eq!(last.addr() & INDEX_MASK, INDEX_MASK);
        assert_eq!(table.insert(8), None);
        assert_eq!(table.get(last).as_deref(), Some(&7));
        table.remove(last).unwrap();
        assert!(table.insert(9).is_some());
    }

    #[test]
    fn a_slot_that_has_used_up_its_generations_is_left_alone() {
        let table: Table<u8, Opaque> = Table::new(1);
        let handle = table.insert(1).unwrap();
        table.slots.write().unwrap().all[0].generation = GENERATION_MASK;
        let last = table.encode(0, GENERATION_MASK);
        assert!(table.get(handle).is_none());
        assert!(table.remove(last).is_some());
        let next = table.insert(2).unwrap();
        assert_eq!(next.addr() & INDEX_MASK, 1, "a new slot");
    }
}

#[cfg(all(test, shuttle))]
mod schedules {
    use super::*;
    use crate::sync::thread;
    use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

    struct Opaque;

    /// An object that knows whether it is alive.
    struct Object {
        name: usize,
        ended: Arc<AtomicUsize>,
    }

    impl Drop for Object {
        fn drop(&mut self) {
            self.ended.fetch_add(1, SeqCst);
        }
    }

    /// A client is freed, by two threads at once, while others are inside calls with it and another is made in its place.
    #[test]
    fn a_handle_is_freed_once_and_never_leads_to_another_object() {
        shuttle::check_random(
            || {
                let table: Arc<Table<Object, Opaque>> = Arc::new(Table::new(1));
                let ended = Arc::new(AtomicUsize::new(0));
                let handle = table.insert(Object { name: 1, ended: Arc::clone(&ended) }).unwrap().addr();
                let old = move || ptr::without_provenance::<Opaque>(handle);

                let users = [(); 2].map(|()| {
                    let (table, ended) = (Arc::clone(&table), Arc::clone(&ended));
                    thread::spawn(move || {
                        if let Some(object) = table.get(old()) {
                            assert_eq!(object.name, 1);
                            thread::yield_now();
                            assert_eq!(ended.load(SeqCst), 0, "nothing ends while it is in use");
                        }
                    })
                });
                let freers = [(); 2].map(|()| {
                    let table = Arc::clone(&table);
                    thread::spawn(move || table.remove(old()).is_some())
                });
                let maker = {
                    let (table, ended) = (Arc::clone(&table), Arc::new(AtomicUsize::new(0)));
                    thread::spawn(move || table.insert(Object { name: 2, ended }).unwrap().addr())
                };
                users.into_iter().for_each(|user| user.join().unwrap());
                let frees = freers.into_iter().map(|freer| freer.join().unwrap());
                assert_eq!(frees.filter(|freed| *freed).count(), 1);
                assert_eq!(ended.load(SeqCst), 1);
                let new = maker.join().unwrap();
                assert!(table.get(old()).is_none());
                assert_eq!(table.get(ptr::without_provenance(new)).unwrap().name, 2);
            },
            20_000,
        );
    }
}
