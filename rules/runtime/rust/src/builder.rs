//! Options of a model, and ways to make one.

use std::marker::PhantomData;
use std::path::{Path, PathBuf};
use std::thread::{self, JoinHandle};

use crate::abi::{feature, Api};
use crate::error::{ErrorKind, SimError};
use crate::instance::{Instance, Output, Settings};
use crate::model::Model;
use crate::trace::{CoverageBuiltIn, FstBuiltIn, VcdBuiltIn};

/// What registers hold before anything sets them, where the crate was verilated with
/// `--x-initial unique`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RandomReset {
    /// All bits 0.
    Zeros,
    /// All bits 1.
    Ones,
    /// Random bits, from the seed.
    Random,
}

/// Options of a model that is about to be made.
///
/// A builder can be sent to another thread, a model can't; see [`Builder::spawn`].
#[must_use = "a builder does nothing until `build`"]
pub struct Builder<M> {
    settings: Settings,
    trace: Option<PathBuf>,
    levels: u32,
    library: Option<PathBuf>,
    model: PhantomData<fn() -> M>,
}

impl<M: Model> Default for Builder<M> {
    fn default() -> Self {
        Builder::new()
    }
}

impl<M: Model> Builder<M> {
    /// Options as `M::new()` has them.
    pub fn new() -> Builder<M> {
        let half_period = M::INFO.clocks.first().map_or(5, |clock| (clock.period / 2).max(1));
        Builder {
            settings: Settings {
                args: Vec::new(),
                scope: String::new(),
                coverage: None,
                output: None,
                half_period,
                seed: None,
                random_reset: -1,
                error_limit: 1,
                time_precision: None,
                assertions: true,
            },
            trace: None,
            levels: 0,
            library: None,
            model: PhantomData,
        }
    }

    /// Adds an argument for `$test$plusargs` and `$value$plusargs`, with its plus sign.
    /// `+verilator+…` arguments work too.
    pub fn plusarg(mut self, arg: impl Into<String>) -> Self {
        self.settings.args.push(arg.into());
        self
    }

    /// Adds several arguments; those of `std::env::args` without a plus sign do no harm.
    pub fn plusargs<I: IntoIterator<Item = S>, S: Into<String>>(mut self, args: I) -> Self {
        self.settings.args.extend(args.into_iter().map(Into::into));
        self
    }

    /// The seed of `$random`, `$urandom` and [`RandomReset::Random`]; 1 by default.
    pub fn seed(mut self, seed: u32) -> Self {
        self.settings.seed = Some(seed & 0x7fff_ffff);
        self
    }

    /// What registers hold before anything sets them.
    pub fn random_reset(mut self, value: RandomReset) -> Self {
        self.settings.random_reset = match value {
            RandomReset::Zeros => 0,
            RandomReset::Ones => 1,
            RandomReset::Random => 2,
        };
        self
    }

    /// From which `$error` on calls return it; those before are only printed and counted. 1 by default.
    pub fn error_limit(mut self, limit: u32) -> Self {
        self.settings.error_limit = limit.max(1);
        self
    }

    /// Turns assertions off or on; on by default.
    pub fn assertions(mut self, on: bool) -> Self {
        self.settings.assertions = on;
        self
    }

    /// The time between the two edges that `tick` makes, in units of the time precision.
    pub fn half_period(mut self, units: u64) -> Self {
        self.settings.half_period = units;
        self
    }

    /// The time precision as a power of ten of a second, -15 to 0, for designs that state none.
    /// Waveforms and `%t` use it; it does not rescale the delays of a design that has some.
    pub fn time_precision(mut self, power_of_ten: i8) -> Self {
        self.settings.time_precision = Some(power_of_ten.clamp(-15, 0));
        self
    }

    /// A name in front of every scope in waveforms and `%m`; none by default.
    pub fn scope(mut self, name: impl Into<String>) -> Self {
        self.settings.scope = name.into();
        self
    }

    /// Where the model's text goes; `print!` by default.
    pub fn output(mut self, output: impl FnMut(&str) + Send + 'static) -> Self {
        let output: Output = Box::new(output);
        self.settings.output = Some(output);
        self
    }

    /// Writes coverage to `path` when the model ends.
    pub fn coverage_file<P: AsRef<Path>>(mut self, path: P) -> Self
    where
        M: CoverageBuiltIn<P>,
    {
        self.settings.coverage = Some(path.as_ref().to_string_lossy().into_owned());
        self
    }

    /// Writes a VCD waveform to `path` from the beginning to the model's end.
    pub fn trace_vcd<P: AsRef<Path>>(mut self, path: P) -> Self
    where
        M: VcdBuiltIn<P>,
    {
        self.trace = Some(path.as_ref().to_owned());
        self
    }

    /// Writes an FST waveform to `path` from the beginning to the model's end.
    pub fn trace_fst<P: AsRef<Path>>(mut self, path: P) -> Self
    where
        M: FstBuiltIn<P>,
    {
        self.trace = Some(path.as_ref().to_owned());
        self
    }

    /// Levels of hierarchy in waveforms; all by default.
    pub fn trace_levels(mut self, levels: u32) -> Self {
        self.levels = levels;
        self
    }

    /// The shared library to load, for crates built with `dynamic`; found beside the crate or the
    /// program by default.
    #[cfg(feature = "dynamic")]
    pub fn library(mut self, path: impl Into<PathBuf>) -> Self {
        self.library = Some(path.into());
        self
    }

    /// Makes the model on this thread.
    ///
    /// # Errors
    /// An argument that Verilator refuses, a waveform that can't be written, a library that can't
    /// be loaded.
    pub fn build(self) -> Result<M, SimError> {
        let api = M::table(self.library.as_deref())?;
        check(api, M::INFO)?;
        let mut model = M::from_instance(Instance::create(api, self.settings)?);
        if let Some(path) = self.trace {
            model.instance_mut().trace_open(&path, self.levels)?.detach();
        }
        Ok(model)
    }

    /// Makes the model on a new thread and runs `body` there: a model can't change threads.
    ///
    /// # Errors
    /// The thread can't be started. What `build` and `body` return comes out of the handle.
    pub fn spawn<T, F>(self, body: F) -> Result<JoinHandle<Result<T, SimError>>, SimError>
    where
        M: 'static,
        T: Send + 'static,
        F: FnOnce(M) -> Result<T, SimError> + Send + 'static,
    {
        thread::Builder::new()
            .name(M::INFO.top.to_owned())
            .spawn(move || self.build().and_then(body))
            .map_err(|error| SimError::new(ErrorKind::Create, format!("can't start a thread: {error}")))
    }
}

/// Refuses a table that is not of this crate and build.
fn check(api: &Api, info: &crate::ModelInfo) -> Result<(), SimError> {
    let differ = |what: &str, wanted: String, found: String| {
        let message = format!(
            "{}: the C++ side has {what} {found}, the crate {wanted}; build both again together",
            info.crate_name
        );
        Err(SimError::new(ErrorKind::Load, message))
    };
    if api.abi_version != crate::abi::ABI_VERSION || api.size as usize != std::mem::size_of::<Api>() {
        let (wanted, found) = (crate::abi::ABI_VERSION, api.abi_version);
        return differ("the runtime's version", wanted.to_string(), found.to_string());
    }
    if api.interface != info.interface || api.slots as usize != info.slots {
        let (wanted, found) = (info.interface, api.interface);
        return differ("ports of digest", format!("{wanted:016x}"), format!("{found:016x}"));
    }
    let known = feature::TRACE_VCD | feature::TRACE_FST | feature::COVERAGE | feature::SAVABLE | feature::TIMING;
    if api.features & known != info.features {
        return differ("features", format!("{:#x}", info.features), format!("{:#x}", api.features));
    }
    Ok(())
}
