//! What can go wrong, and how a call ends when nothing did.

use std::fmt;

use crate::abi::RawReport;
use crate::text;

/// How a call on a model ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// The simulation goes on.
    Running,
    /// `$finish` was reached; evaluating again does nothing.
    Finished,
}

impl Status {
    /// Whether `$finish` was reached.
    #[must_use]
    pub const fn finished(self) -> bool {
        matches!(self, Status::Finished)
    }
}

/// Why a model, or a call on it, failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// `$error`, also as the action of an assertion. The model can go on.
    Error,
    /// An assertion without an action of its own failed. The model can go on.
    Assertion,
    /// `$stop`. The model can go on.
    Stop,
    /// `$fatal`. The simulation is over.
    Fatal,
    /// A region did not settle: most often a combinational loop. The model is dead.
    NotConverged,
    /// The Verilator runtime gave up, for example on a memory file. The model is dead.
    Runtime,
    /// A C++ exception left the model. The model is dead.
    Exception,
    /// A waveform could not be written.
    Trace,
    /// A snapshot does not belong to this model.
    Snapshot,
    /// A coverage file could not be written.
    Coverage,
    /// The model could not be made.
    Create,
    /// The crate was built without what was asked for.
    Unsupported,
    /// The shared library could not be loaded, or is not this crate's.
    Load,
    /// A value does not fit its port.
    Range,
}

impl ErrorKind {
    fn from_raw(kind: u32) -> ErrorKind {
        match kind {
            0 => ErrorKind::Error,
            1 => ErrorKind::Assertion,
            2 => ErrorKind::Stop,
            3 => ErrorKind::Fatal,
            4 => ErrorKind::NotConverged,
            6 => ErrorKind::Exception,
            7 => ErrorKind::Trace,
            8 => ErrorKind::Snapshot,
            9 => ErrorKind::Coverage,
            10 => ErrorKind::Create,
            11 => ErrorKind::Unsupported,
            _ => ErrorKind::Runtime,
        }
    }

    const fn phrase(self) -> &'static str {
        match self {
            ErrorKind::Error => "$error",
            ErrorKind::Assertion => "assertion failed",
            ErrorKind::Stop => "$stop",
            ErrorKind::Fatal => "$fatal",
            ErrorKind::NotConverged => "did not converge",
            ErrorKind::Runtime => "runtime error",
            ErrorKind::Exception => "exception",
            ErrorKind::Trace => "waveform",
            ErrorKind::Snapshot => "snapshot",
            ErrorKind::Coverage => "coverage",
            ErrorKind::Create => "can't make the model",
            ErrorKind::Unsupported => "not built in",
            ErrorKind::Load => "can't load the model",
            ErrorKind::Range => "out of range",
        }
    }
}

/// One thing that a model reported.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// What it is.
    pub kind: ErrorKind,
    /// The SystemVerilog source; empty where none is known.
    pub file: String,
    /// The line in it, from 1; 0 where none is known.
    pub line: u32,
    /// The scope, from the top on; empty where none is known.
    pub scope: String,
    /// The message's own text; may be empty.
    pub message: String,
}

impl Report {
    /// A report that concerns no source.
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Report {
        Report { kind, file: String::new(), line: 0, scope: String::new(), message: message.into() }
    }

    /// # Safety
    /// The texts are null or end with a zero byte.
    pub(crate) unsafe fn from_raw(raw: &RawReport) -> Report {
        // SAFETY: as above.
        let (file, scope, message) = unsafe { (text(raw.file), text(raw.scope), text(raw.message)) };
        Report { kind: ErrorKind::from_raw(raw.kind), file, line: raw.line, scope, message }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.file.is_empty() {
            write!(f, "{}:{}: ", self.file, self.line)?;
        }
        f.write_str(self.kind.phrase())?;
        if !self.scope.is_empty() {
            write!(f, " in {}", self.scope)?;
        }
        if !self.message.is_empty() {
            write!(f, ": {}", self.message)?;
        }
        Ok(())
    }
}

/// One or more reports of one call; the first is the cause.
#[derive(Clone, PartialEq, Eq)]
pub struct SimError(Box<[Report]>);

impl SimError {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> SimError {
        SimError::from_reports(vec![Report::new(kind, message)])
    }

    pub(crate) fn from_reports(mut reports: Vec<Report>) -> SimError {
        if reports.is_empty() {
            reports.push(Report::new(ErrorKind::Runtime, "no reason was given"));
        }
        SimError(reports.into_boxed_slice())
    }

    /// What the first report is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0[0].kind
    }

    /// The SystemVerilog source of the first report; empty where none is known.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.0[0].file
    }

    /// The line in that source, from 1; 0 where none is known.
    #[must_use]
    pub fn line(&self) -> u32 {
        self.0[0].line
    }

    /// The first report's scope, as `%m` gives it; may be empty.
    #[must_use]
    pub fn scope(&self) -> &str {
        &self.0[0].scope
    }

    /// The first report's own text; may be empty.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0[0].message
    }

    /// Every report of the call, in order; at least one.
    #[must_use]
    pub fn reports(&self) -> &[Report] {
        &self.0
    }

    /// Whether the model can be evaluated again: only after `$error`, `$stop` and assertions.
    #[must_use]
    pub fn can_go_on(&self) -> bool {
        self.0.iter().all(|report| {
            !matches!(
                report.kind,
                ErrorKind::Fatal | ErrorKind::NotConverged | ErrorKind::Runtime | ErrorKind::Exception
            )
        })
    }
}

impl fmt::Display for SimError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, report) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            report.fmt(f)?;
        }
        Ok(())
    }
}

/// What `unwrap` and a `main` that returns the error print: the text for people. `{:#?}` shows the fields.
impl fmt::Debug for SimError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if f.alternate() {
            f.debug_tuple("SimError").field(&self.0).finish()
        } else {
            fmt::Display::fmt(self, f)
        }
    }
}

impl std::error::Error for SimError {}

/// A value that does not fit its port.
#[derive(Clone, PartialEq, Eq)]
pub struct RangeError {
    port: &'static str,
    width: u32,
    value: String,
}

impl RangeError {
    #[doc(hidden)]
    #[cold]
    pub fn new(port: &'static str, width: u32, value: &dyn fmt::Debug) -> RangeError {
        RangeError { port, width, value: format!("{value:?}") }
    }

    /// The port's name in SystemVerilog.
    #[must_use]
    pub fn port(&self) -> &'static str {
        self.port
    }
}

impl fmt::Display for RangeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.width == 1 { "" } else { "s" };
        write!(f, "{} does not fit the {} bit{plural} of port {}", self.value, self.width, self.port)
    }
}

impl fmt::Debug for RangeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for RangeError {}

impl From<RangeError> for SimError {
    fn from(error: RangeError) -> SimError {
        SimError::new(ErrorKind::Range, error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(kind: ErrorKind) -> Report {
        Report { kind, file: "a.sv".into(), line: 3, scope: "top.u".into(), message: "boom".into() }
    }

    #[test]
    fn text_has_place_kind_scope_and_message() {
        let error = SimError::from_reports(vec![report(ErrorKind::Fatal), Report::new(ErrorKind::Trace, "full")]);
        assert_eq!(error.to_string(), "a.sv:3: $fatal in top.u: boom\nwaveform: full");
        assert_eq!(format!("{error:?}"), error.to_string(), "what unwrap prints");
        assert!(format!("{error:#?}").contains("kind: Fatal"), "{error:#?}");
        assert_eq!((error.file(), error.line(), error.scope()), ("a.sv", 3, "top.u"));
    }

    #[test]
    fn only_some_errors_let_a_model_go_on() {
        for (kind, goes_on) in [
            (ErrorKind::Error, true),
            (ErrorKind::Stop, true),
            (ErrorKind::Assertion, true),
            (ErrorKind::Fatal, false),
            (ErrorKind::NotConverged, false),
            (ErrorKind::Exception, false),
        ] {
            assert_eq!(SimError::from_reports(vec![report(kind)]).can_go_on(), goes_on, "{kind:?}");
        }
    }

    #[test]
    fn a_result_fits_two_registers() {
        assert!(std::mem::size_of::<Result<Status, SimError>>() <= 2 * std::mem::size_of::<usize>());
    }

    #[test]
    fn range_errors_name_the_port() {
        let error = RangeError::new("a", 5, &32u8);
        assert_eq!(error.to_string(), "32 does not fit the 5 bits of port a");
        assert_eq!(format!("{error:?}"), error.to_string());
        assert_eq!(SimError::from(error).kind(), ErrorKind::Range);
    }
}
