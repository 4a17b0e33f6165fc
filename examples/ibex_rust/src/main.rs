//! Runs a program on the system: `sim [+firmware=FILE] [+iterations=N] [+exit_code=N] [+max_cycles=N]`.

use std::error::Error;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use system::{End, System};

struct Options {
    firmware: PathBuf,
    iterations: u32,
    exit_code: u32,
    max_cycles: u64,
}

fn options(arguments: impl Iterator<Item = String>) -> Result<Options, Box<dyn Error>> {
    let mut found = Options {
        firmware: PathBuf::from("examples/soc/firmware/firmware.hex"),
        iterations: 1,
        exit_code: 0,
        max_cycles: u64::MAX,
    };
    for argument in arguments {
        match argument.split_once('=') {
            Some(("+firmware", file)) => found.firmware = file.into(),
            Some(("+iterations", number)) => found.iterations = number.parse()?,
            Some(("+exit_code", number)) => found.exit_code = number.parse()?,
            Some(("+max_cycles", number)) => found.max_cycles = number.parse()?,
            _ => return Err(format!("{argument} is none of +firmware=FILE +iterations=N +exit_code=N +max_cycles=N").into()),
        }
    }
    Ok(found)
}

fn run() -> Result<ExitCode, Box<dyn Error>> {
    let options = options(std::env::args().skip(1))?;
    let mut system = System::new(&options.firmware, options.iterations, options.exit_code)?;
    let start = Instant::now();
    let end = loop {
        let end = system.run_line(options.max_cycles)?;
        io::stdout().write_all(&system.take_console())?;
        if let Some(end) = end {
            break end;
        }
    };
    io::stdout().flush()?;
    let seconds = start.elapsed().as_secs_f64();
    let (cycles, speed) = (system.cycles(), system.cycles() as f64 / seconds / 1000.0);
    eprintln!("simulated {cycles} cycles in {seconds:.3} s ({speed:.1} kcycles/s)");
    Ok(match end {
        End::Exit(0) => ExitCode::SUCCESS,
        End::Exit(code) => {
            eprintln!("error: the program ended with code {code}");
            ExitCode::FAILURE
        }
        End::Limit => {
            eprintln!("error: the program has not ended after {cycles} cycles");
            ExitCode::FAILURE
        }
    })
}

fn main() -> ExitCode {
    run().unwrap_or_else(|error| {
        eprintln!("error: {error}");
        ExitCode::FAILURE
    })
}
