//! Models on threads: made where they run, independent of one another.

use std::sync::{Arc, Barrier};
use std::thread;

use verilated_counter8::Counter;
use verilated_events::runtime::{ErrorKind, SimError, Status};
use verilated_events::Events;
use verilated_threads::Counter as Threaded;

/// Cycles a thread; `FFI_TEST_CYCLES` in place of the default.
fn cycles() -> u64 {
    std::env::var("FFI_TEST_CYCLES").ok().and_then(|text| text.parse().ok()).unwrap_or(20_000)
}

#[test]
fn eight_models_on_eight_threads() {
    let cycles = cycles();
    let together = Arc::new(Barrier::new(8));
    let threads: Vec<_> = (0..8u64)
        .map(|number| {
            let together = Arc::clone(&together);
            Counter::builder()
                .spawn(move |mut dut| {
                    together.wait();
                    dut.set_enable(true);
                    dut.reset(1)?;
                    dut.tick_n(cycles + number)?;
                    Ok(u64::from(dut.count()))
                })
                .unwrap()
        })
        .collect();
    for (number, thread) in threads.into_iter().enumerate() {
        let count = thread.join().unwrap().unwrap();
        assert_eq!(count, (cycles + number as u64) % 256);
    }
}

#[test]
fn models_come_and_go_on_many_threads() {
    let threads: Vec<_> = (0..4)
        .map(|_| {
            thread::spawn(|| {
                for round in 0..20u64 {
                    let mut dut = Counter::new().unwrap();
                    let mut other = Counter::new().unwrap();
                    dut.set_enable(true);
                    other.set_enable(true);
                    dut.reset(1).unwrap();
                    other.reset(1).unwrap();
                    for _ in 0..round {
                        dut.tick().unwrap();
                        other.tick_n(2).unwrap();
                    }
                    assert_eq!((u64::from(dut.count()), u64::from(other.count())), (round, 2 * round));
                }
            })
        })
        .collect();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
}

#[test]
fn an_end_on_one_thread_is_none_on_another() {
    let together = Arc::new(Barrier::new(4));
    let threads: Vec<_> = [0u8, 1, 2, 4]
        .into_iter()
        .map(|command| {
            let together = Arc::clone(&together);
            Events::builder()
                .output(|_| ())
                .spawn(move |mut dut| -> Result<Status, SimError> {
                    together.wait();
                    dut.tick_n(100)?;
                    dut.set_command(command);
                    dut.tick()
                })
                .unwrap()
        })
        .collect();
    let ends: Vec<_> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
    assert_eq!(ends[0], Ok(Status::Running));
    assert_eq!(ends[1].as_ref().expect_err("$fatal").kind(), ErrorKind::Fatal);
    assert_eq!(ends[2].as_ref().expect_err("$error").kind(), ErrorKind::Error);
    assert_eq!(ends[3], Ok(Status::Finished));
}

#[test]
fn models_with_threads_of_their_own_on_threads() {
    let threads: Vec<_> = (1..3u64)
        .map(|number| {
            Threaded::builder()
                .spawn(move |mut dut| {
                    dut.set_rst_n(true);
                    dut.set_enable(true);
                    dut.tick_n(500 * number)?;
                    Ok(dut.count())
                })
                .unwrap()
        })
        .collect();
    let counts: Vec<_> = threads.into_iter().map(|thread| thread.join().unwrap().unwrap()).collect();
    assert_eq!(counts, [500, 1000]);
}
