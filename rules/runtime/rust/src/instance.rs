//! A model's life: made, evaluated, traced, saved, ended.

use std::any::Any;
use std::ffi::{c_char, c_void, CString};
use std::marker::PhantomData;
use std::panic::{catch_unwind, resume_unwind, AssertUnwindSafe};
use std::path::Path;
use std::ptr::{self, NonNull};
use std::rc::Rc;

use crate::abi::{self, status, Api, RawReport};
use crate::error::{ErrorKind, Report, SimError, Status};
use crate::schedule::Schedule;
use crate::slot::{ClockSlot, ResetSlot};
use crate::trace::Trace;

/// Where the model's text goes.
pub(crate) type Output = Box<dyn FnMut(&str) + Send>;

/// The callee of the C++ side's print callback.
pub(crate) struct Sink {
    output: Option<Output>,
    panic: Option<Box<dyn Any + Send>>,
}

unsafe extern "C" fn print(user: *mut c_void, data: *const c_char, size: usize) -> u8 {
    // SAFETY: `user` is the sink of the instance that prints, which nothing else touches during
    // a call; `data` has `size` bytes.
    let (sink, bytes) = unsafe { (&mut *user.cast::<Sink>(), std::slice::from_raw_parts(data.cast::<u8>(), size)) };
    let text = String::from_utf8_lossy(bytes);
    let outcome = catch_unwind(AssertUnwindSafe(|| match &mut sink.output {
        Some(output) => output(&text),
        None => print!("{text}"),
    }));
    match outcome {
        Ok(()) => 0,
        Err(payload) => {
            sink.panic = Some(payload);
            1
        }
    }
}

/// The C++ object and its table; shared with a trace guard, which must not outlive it.
pub(crate) struct Core {
    raw: NonNull<abi::Instance>,
    api: &'static Api,
    sink: *mut Sink,
}

impl Core {
    /// Turns a status other than `RUNNING` into what the caller gets.
    #[cold]
    pub(crate) fn outcome(&self, code: u32) -> Result<Status, SimError> {
        match code {
            status::RUNNING => Ok(Status::Running),
            status::FINISHED => Ok(Status::Finished),
            status::PANIC => {
                // SAFETY: no call is under way, so nothing else uses the sink.
                let payload = unsafe { (*self.sink).panic.take() };
                resume_unwind(payload.unwrap_or_else(|| Box::new("the output callback panicked")))
            }
            _ => Err(SimError::from_reports(self.take_reports())),
        }
    }

    #[inline(always)]
    fn check(&self, code: u32) -> Result<Status, SimError> {
        if code == status::RUNNING {
            Ok(Status::Running)
        } else {
            self.outcome(code)
        }
    }

    fn take_reports(&self) -> Vec<Report> {
        // SAFETY: the instance lives; the texts are copied before the next call.
        unsafe {
            let raw = self.raw.as_ptr();
            let count = (self.api.reports)(raw);
            let reports = (0..count)
                .map(|index| {
                    let mut report = RawReport::EMPTY;
                    (self.api.report)(raw, index, &mut report);
                    Report::from_raw(&report)
                })
                .collect();
            (self.api.clear_reports)(raw);
            reports
        }
    }

    pub(crate) fn trace_flush(&self) -> Result<(), SimError> {
        // SAFETY: the instance lives.
        self.outcome(unsafe { (self.api.trace_flush)(self.raw.as_ptr()) }).map(drop)
    }

    pub(crate) fn trace_close(&self) -> Result<(), SimError> {
        // SAFETY: the instance lives.
        self.outcome(unsafe { (self.api.trace_close)(self.raw.as_ptr()) }).map(drop)
    }
}

impl Drop for Core {
    fn drop(&mut self) {
        // SAFETY: made by `create`, destroyed once; the sink is used by `destroy` for the last time.
        unsafe {
            (self.api.destroy)(self.raw.as_ptr());
            drop(Box::from_raw(self.sink));
        }
    }
}

/// How an instance is made; filled by the builder.
pub(crate) struct Settings {
    pub(crate) args: Vec<String>,
    pub(crate) scope: String,
    pub(crate) coverage: Option<String>,
    pub(crate) output: Option<Output>,
    pub(crate) half_period: u64,
    pub(crate) seed: Option<u32>,
    pub(crate) random_reset: i32,
    pub(crate) error_limit: u32,
    pub(crate) time_precision: Option<i8>,
    pub(crate) assertions: bool,
}

fn c_string(text: &str, what: &str) -> Result<CString, SimError> {
    CString::new(text)
        .map_err(|_| SimError::new(ErrorKind::Create, format!("{what} has a zero byte: {text:?}")))
}

pub(crate) fn c_path(path: &Path, kind: ErrorKind) -> Result<CString, SimError> {
    path.to_str()
        .and_then(|text| CString::new(text).ok())
        .ok_or_else(|| SimError::new(kind, format!("not a usable path: {}", path.display())))
}

/// A running model without knowledge of its ports. Generated structs own one.
///
/// It belongs to the thread that made it: a Verilated model keeps thread-local
/// state. [`Builder::spawn`](crate::Builder::spawn) makes one on a new thread.
pub struct Instance {
    raw: NonNull<abi::Instance>,
    api: &'static Api,
    core: Rc<Core>,
    schedule: Option<Schedule>,
    // Neither Send nor Sync, whatever the other fields become.
    _thread: PhantomData<*mut ()>,
}

impl Instance {
    pub(crate) fn create(api: &'static Api, settings: Settings) -> Result<Instance, SimError> {
        let args: Vec<CString> =
            settings.args.iter().map(|arg| c_string(arg, "a plusarg")).collect::<Result<_, _>>()?;
        let args: Vec<*const c_char> = args.iter().map(|arg| arg.as_ptr()).collect();
        Self::create_with(api, settings, &args)
    }

    fn create_with(api: &'static Api, settings: Settings, args: &[*const c_char]) -> Result<Instance, SimError> {
        let scope = c_string(&settings.scope, "the scope")?;
        let coverage = settings.coverage.as_deref().map(|path| c_string(path, "the coverage file")).transpose()?;
        let sink = Box::into_raw(Box::new(Sink { output: settings.output, panic: None }));
        let config = abi::Config {
            args: args.as_ptr(),
            args_size: args.len(),
            scope: scope.as_ptr(),
            coverage: coverage.as_ref().map_or(ptr::null(), |path| path.as_ptr()),
            print: Some(print),
            print_user: sink.cast(),
            half_period: settings.half_period,
            seed: settings.seed.map_or(-1, i64::from),
            random_reset: settings.random_reset,
            error_limit: i32::try_from(settings.error_limit).unwrap_or(i32::MAX),
            time_precision: settings.time_precision.map_or(1, i32::from),
            assertions: u8::from(settings.assertions),
        };
        let mut error = RawReport::EMPTY;
        // SAFETY: everything in `config` outlives the call, the sink the instance.
        let raw = unsafe { (api.create)(&config, &mut error) };
        let Some(raw) = NonNull::new(raw) else {
            // SAFETY: a failed `create` fills the report and keeps nothing of the sink.
            unsafe {
                drop(Box::from_raw(sink));
                return Err(SimError::from_reports(vec![Report::from_raw(&error)]));
            }
        };
        let core = Rc::new(Core { raw, api, sink });
        Ok(Instance { raw, api, core, schedule: None, _thread: PhantomData })
    }

    /// The table, for slots of strings.
    #[doc(hidden)]
    #[must_use]
    pub fn api(&self) -> &'static Api {
        self.api
    }

    /// The addresses of all port storage.
    #[doc(hidden)]
    #[must_use]
    pub fn addresses<const N: usize>(&self) -> [*mut c_void; N] {
        let mut out = [ptr::null_mut(); N];
        assert_eq!(self.api.slots as usize, N, "the builder checks this");
        // SAFETY: the C++ side writes `slots` addresses.
        unsafe { (self.api.ports)(self.raw.as_ptr(), out.as_mut_ptr()) };
        out
    }

    /// One of `slots` addresses, for access by name.
    pub(crate) fn address(&self, slots: usize, index: usize) -> *mut c_void {
        let mut out = vec![ptr::null_mut(); slots];
        assert_eq!(self.api.slots as usize, slots, "the builder checks this");
        // SAFETY: the C++ side writes `slots` addresses.
        unsafe { (self.api.ports)(self.raw.as_ptr(), out.as_mut_ptr()) };
        out[index]
    }

    /// Lets the model react to its inputs; outputs are up to date afterwards.
    ///
    /// # Errors
    /// What the model reported; see [`SimError::can_go_on`].
    #[inline(always)]
    pub fn eval(&mut self) -> Result<Status, SimError> {
        // SAFETY: the instance lives, and `&mut` keeps every other use away.
        let code = unsafe { (self.api.eval)(self.raw.as_ptr()) };
        if code == status::RUNNING {
            Ok(Status::Running)
        } else {
            self.core.outcome(code)
        }
    }

    /// One cycle of the first clock.
    #[doc(hidden)]
    #[inline(always)]
    pub fn tick_once(&mut self) -> Result<Status, SimError> {
        // SAFETY: as for `eval`.
        self.core.check(unsafe { (self.api.tick_once)(self.raw.as_ptr()) })
    }

    /// `n` cycles of the clocks in `mask`; returns how many were completed beside the status.
    #[doc(hidden)]
    #[inline(always)]
    pub fn tick(&mut self, mask: u64, n: u64) -> (u64, Result<Status, SimError>) {
        let mut done = 0;
        // SAFETY: as for `eval`.
        let code = unsafe { (self.api.tick)(self.raw.as_ptr(), mask, n, &mut done) };
        (done, self.core.check(code))
    }

    /// Moves simulation time on by `delta` units of the time precision. A model
    /// with delays of its own runs them.
    ///
    /// # Errors
    /// What the model reported.
    pub fn advance(&mut self, delta: u64) -> Result<Status, SimError> {
        // SAFETY: as for `eval`.
        let code = unsafe { (self.api.advance)(self.raw.as_ptr(), delta) };
        self.core.check(code)
    }

    /// Runs the edges of `clocks` at their own periods until `time` units have passed.
    #[doc(hidden)]
    pub fn run_for(
        &mut self,
        infos: &[crate::ClockInfo],
        clocks: &mut [ClockSlot],
        time: u64,
    ) -> Result<Status, SimError> {
        let begin = self.time();
        let end = begin + time;
        // The idle levels have to be seen once, or the first edge is none.
        if self.eval()?.finished() {
            return Ok(Status::Finished);
        }
        let mut schedule = self.schedule.take().unwrap_or_else(|| Schedule::new(infos, begin));
        schedule.catch_up(begin);
        let outcome = loop {
            let Some(next) = schedule.next_time().filter(|&next| next <= end) else {
                break self.advance(end - self.time());
            };
            match self.advance(next - self.time()) {
                Ok(Status::Running) => {}
                other => break other,
            }
            let Some(edges) = schedule.step() else { break Ok(Status::Running) };
            for (index, clock) in clocks.iter_mut().enumerate() {
                if edges.active >> index & 1 != 0 {
                    clock.slot.set(clock.active);
                } else if edges.idle >> index & 1 != 0 {
                    clock.slot.set(1 - clock.active);
                }
            }
            match self.eval() {
                Ok(Status::Running) => {}
                other => break other,
            }
        };
        self.schedule = Some(schedule);
        outcome
    }

    /// Asserts resets for `cycles` cycles of the clocks in `mask`, then releases them.
    #[doc(hidden)]
    pub fn reset(&mut self, resets: &mut [ResetSlot], mask: u64, cycles: u64) -> Result<Status, SimError> {
        // An asynchronous reset acts at the edge of the reset itself: make sure there is one.
        if resets.iter().any(|reset| reset.asynchronous && reset.slot.get() == reset.active) {
            for reset in resets.iter_mut().filter(|reset| reset.asynchronous) {
                reset.slot.set(1 - reset.active);
            }
            if self.eval()?.finished() {
                return Ok(Status::Finished);
            }
        }
        for reset in resets.iter_mut() {
            reset.slot.set(reset.active);
        }
        if self.eval()?.finished() {
            return Ok(Status::Finished);
        }
        if cycles > 0 && mask != 0 && self.tick(mask, cycles).1?.finished() {
            return Ok(Status::Finished);
        }
        for reset in resets.iter_mut() {
            reset.slot.set(1 - reset.active);
        }
        self.eval()
    }

    /// Simulation time in units of the time precision.
    #[must_use]
    pub fn time(&self) -> u64 {
        // SAFETY: the instance lives.
        unsafe { (self.api.time)(self.raw.as_ptr()) }
    }

    /// The time precision as a power of ten of a second: -12 is one picosecond.
    #[must_use]
    pub fn time_precision(&self) -> i8 {
        // SAFETY: the instance lives.
        unsafe { (self.api.time_precision)(self.raw.as_ptr()) as i8 }
    }

    /// Sets the time between the two edges that `tick` makes.
    pub fn set_half_period(&mut self, units: u64) {
        // SAFETY: as for `eval`.
        unsafe { (self.api.set_half_period)(self.raw.as_ptr(), units) }
    }

    /// When the next delay of the model ends; only for models built with `timing`.
    #[must_use]
    pub fn next_event(&self) -> Option<u64> {
        let mut time = 0;
        // SAFETY: the instance lives.
        (unsafe { (self.api.next_event)(self.raw.as_ptr(), &mut time) } != 0).then_some(time)
    }

    /// How many `$error`, `$stop` and failed assertions there were.
    #[must_use]
    pub fn error_count(&self) -> u32 {
        // SAFETY: the instance lives.
        unsafe { (self.api.error_count)(self.raw.as_ptr()) }.unsigned_abs()
    }

    /// The file and line of the `$finish` that was reached.
    #[must_use]
    pub fn finished_at(&self) -> Option<(String, u32)> {
        let mut report = RawReport::EMPTY;
        // SAFETY: the instance lives; the texts are copied at once.
        let report = unsafe {
            (self.api.finished_at)(self.raw.as_ptr(), &mut report);
            Report::from_raw(&report)
        };
        (!report.file.is_empty()).then_some((report.file, report.line))
    }

    /// Begins a waveform of `levels` levels of hierarchy, 0 for all.
    #[doc(hidden)]
    pub fn trace_open(&mut self, path: &Path, levels: u32) -> Result<Trace, SimError> {
        let path = c_path(path, ErrorKind::Trace)?;
        let levels = i32::try_from(levels).unwrap_or(i32::MAX);
        // SAFETY: as for `eval`; the path is copied.
        self.core.outcome(unsafe { (self.api.trace_open)(self.raw.as_ptr(), path.as_ptr(), levels) })?;
        Ok(Trace::new(&self.core))
    }

    /// Writes the coverage gathered so far.
    ///
    /// # Errors
    /// The crate was built without coverage, or the file can't be written.
    pub fn write_coverage(&mut self, path: impl AsRef<Path>) -> Result<(), SimError> {
        let path = c_path(path.as_ref(), ErrorKind::Coverage)?;
        // SAFETY: as for `eval`; the path is copied.
        self.core.outcome(unsafe { (self.api.write_coverage)(self.raw.as_ptr(), path.as_ptr()) }).map(drop)
    }

    /// The model's whole state. `$urandom`'s is the thread's and not part of it.
    ///
    /// # Errors
    /// The crate was built without snapshots.
    pub fn save(&mut self) -> Result<Snapshot, SimError> {
        let (mut data, mut size) = (ptr::null(), 0);
        // SAFETY: as for `eval`; the bytes are copied before the next call.
        unsafe {
            let code = (self.api.save)(self.raw.as_ptr(), &mut data, &mut size);
            self.core.outcome(code)?;
            Ok(Snapshot(std::slice::from_raw_parts(data, size).to_vec()))
        }
    }

    /// Goes back to a state that `save` took, of this instance or of another of the same crate.
    ///
    /// # Errors
    /// The snapshot is another model's or damaged; the model is dead then.
    pub fn restore(&mut self, snapshot: &Snapshot) -> Result<(), SimError> {
        let bytes = &snapshot.0;
        self.schedule = None;
        // SAFETY: as for `eval`; the C++ side checks what it reads.
        self.core.outcome(unsafe { (self.api.restore)(self.raw.as_ptr(), bytes.as_ptr(), bytes.len()) }).map(drop)
    }

    /// Ends the simulation: runs `final` blocks, writes coverage, closes the waveform.
    /// Dropping does the same and keeps quiet about errors.
    ///
    /// # Errors
    /// What `final` blocks reported, or a file that could not be written.
    pub fn finish(&mut self) -> Result<(), SimError> {
        // SAFETY: as for `eval`.
        self.core.outcome(unsafe { (self.api.finish)(self.raw.as_ptr()) }).map(drop)
    }
}

/// A model's state in bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct Snapshot(Vec<u8>);

impl Snapshot {
    /// The bytes, to be written to a file.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// A snapshot from bytes that [`Snapshot::as_bytes`] gave.
    #[must_use]
    pub fn from_bytes(bytes: Vec<u8>) -> Snapshot {
        Snapshot(bytes)
    }
}

impl std::fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Snapshot({} bytes)", self.0.len())
    }
}
