//! Clocks, resets, time, parameters, snapshots, coverage, threads, delays.

use std::sync::{Arc, Mutex};

use verilated_adder::Adder;
use verilated_counter100::Counter as Counter100;
use verilated_counter8::{Counter, CLOCKS, INFO, RESETS};
use verilated_delays::Delays;
use verilated_runtime::{Edge, ErrorKind, Model, RunEnd, Snapshot, Status, Value};
use verilated_threads::Counter as Threaded;

#[test]
fn a_tick_is_one_cycle_of_the_first_clock() {
    let mut dut = Counter::new().unwrap();
    dut.set_rst_n(true);
    dut.set_enable(true);
    for cycle in 1..=300u32 {
        dut.tick().unwrap();
        assert_eq!(u32::from(dut.count()), cycle % 256);
    }
    assert_eq!(dut.fall_count(), 0);
    dut.tick_n(1000).unwrap();
    assert_eq!(u32::from(dut.count()), 1300 % 256);
    assert_eq!(dut.time(), 1300 * 4, "the period is 4");
}

#[test]
fn the_first_edge_counts_though_nothing_was_evaluated_before() {
    let mut dut = Counter::new().unwrap();
    dut.set_rst_n(true);
    dut.set_enable(true);
    dut.tick().unwrap();
    assert_eq!(dut.count(), 1);
}

#[test]
fn other_clocks_and_falling_edges() {
    let mut dut = Counter::new().unwrap();
    dut.set_rst_n(true);
    dut.set_enable(true);
    dut.tick_clk_fall(5).unwrap();
    assert_eq!((dut.count(), dut.fall_count()), (0, 5));
    dut.tick_all(3).unwrap();
    assert_eq!((dut.count(), dut.fall_count()), (3, 8));
    dut.tick_clk(2).unwrap();
    assert_eq!((dut.count(), dut.fall_count()), (5, 8));
}

#[test]
fn clocks_run_at_their_own_periods() {
    let mut dut = Counter::new().unwrap();
    dut.set_rst_n(true);
    dut.set_enable(true);
    // clk: period 4, first counting edge at 2. clk_fall: period 6, first at 1.
    let mut total = 0;
    for (time, clk, fall) in [(1, 0, 1), (1, 1, 1), (4, 2, 1), (1, 2, 2), (53, 15, 10)] {
        dut.run_for(time).unwrap();
        total += time;
        assert_eq!(dut.time(), total);
        assert_eq!((dut.count(), dut.fall_count()), (clk, fall), "at {total}");
    }
}

#[test]
fn manual_edges_are_the_same_as_ticks() {
    let mut dut = Counter::new().unwrap();
    dut.set_rst_n(true);
    dut.set_enable(true);
    dut.eval().unwrap();
    for _ in 0..3 {
        dut.set_clk(true);
        dut.eval().unwrap();
        dut.set_clk(false);
        dut.eval().unwrap();
    }
    assert_eq!(dut.count(), 3);
}

#[test]
fn resets_go_to_their_own_levels() {
    let mut dut = Counter::new().unwrap();
    dut.set_enable(true);
    dut.reset(2).unwrap();
    assert!(dut.rst_n() && !dut.clear());
    assert_eq!(dut.count(), 0);
    assert_eq!(dut.resets_seen(), 1, "the asynchronous reset had an edge though it was low from the start");
    dut.tick_n(9).unwrap();
    assert_eq!(dut.count(), 9);
    // The synchronous one alone, and only at a clock edge.
    dut.reset_clear(1).unwrap();
    assert_eq!((dut.count(), dut.resets_seen()), (0, 1));
    dut.tick_n(4).unwrap();
    // An asynchronous reset needs no clock.
    dut.reset_rst_n(0).unwrap();
    assert_eq!((dut.count(), dut.resets_seen()), (0, 2));
}

#[test]
fn run_until_says_how_it_ended() {
    let mut dut = Counter::new().unwrap();
    dut.set_enable(true);
    dut.reset(1).unwrap();
    assert_eq!(dut.run_until(100, |dut| dut.count() == 7).unwrap(), RunEnd::Condition(7));
    assert_eq!(dut.run_until(5, |dut| dut.count() == 200).unwrap(), RunEnd::Limit(5));
    assert_eq!(dut.count(), 12);
    assert_eq!(dut.run_until(0, |dut| dut.count() == 12).unwrap(), RunEnd::Condition(0));
}

#[test]
fn two_parameterisations_live_in_one_program() {
    let mut small = Counter::new().unwrap();
    let mut large = Counter100::new().unwrap();
    small.set_enable(true);
    large.set_enable(true);
    small.reset(1).unwrap();
    large.reset(1).unwrap();
    for cycle in 1..=50u32 {
        small.tick().unwrap();
        large.tick().unwrap();
        assert_eq!(u32::from(small.count()), cycle);
        assert_eq!(large.count(), u128::from(cycle) * 7);
    }
    assert_eq!(small.name(), "counter");
    assert_eq!(large.name(), "a \"wide\" one");
    assert!(verilated_counter100::INFO.parameters.contains(&("WIDTH", "32'sh64")));
}

#[test]
fn metadata_says_what_the_build_said() {
    assert_eq!((INFO.top, INFO.crate_name), ("counter", "verilated_counter8"));
    assert_eq!((CLOCKS[0].name, CLOCKS[0].edge, CLOCKS[0].period), ("clk", Edge::Rising, 4));
    assert_eq!((CLOCKS[1].edge, CLOCKS[1].phase), (Edge::Falling, 1));
    let reset = |name| RESETS.iter().find(|reset| reset.name == name).expect("it is one");
    assert!(!reset("rst_n").active_high && reset("rst_n").asynchronous);
    assert!(reset("clear").active_high && !reset("clear").asynchronous);
}

#[test]
fn snapshots_go_back_and_to_other_instances() {
    let mut dut = Counter::new().unwrap();
    dut.set_enable(true);
    dut.reset(1).unwrap();
    dut.tick_n(42).unwrap();
    let snapshot = dut.save().unwrap();
    let time = dut.time();
    dut.tick_n(100).unwrap();
    dut.restore(&snapshot).unwrap();
    assert_eq!((dut.count(), dut.time()), (42, time));
    dut.tick().unwrap();
    assert_eq!(dut.count(), 43);

    let mut other = Counter::new().unwrap();
    other.restore(&Snapshot::from_bytes(snapshot.as_bytes().to_vec())).unwrap();
    other.tick().unwrap();
    assert_eq!((other.count(), other.enable()), (43, true));
}

#[test]
fn waveforms_show_when_resets_end_and_go_on_after_a_snapshot() {
    let path = std::env::temp_dir().join(format!("ffi_resets_{}.vcd", std::process::id()));
    let said = Arc::new(Mutex::new(String::new()));
    let output = Arc::clone(&said);
    let builder = Counter::builder().trace_vcd(&path);
    let mut dut = builder.output(move |text| output.lock().unwrap().push_str(text)).build().unwrap();
    dut.set_enable(true);
    dut.reset(2).unwrap();
    let end = dut.time();
    let snapshot = dut.save().unwrap();
    dut.tick_n(3).unwrap();
    dut.restore(&snapshot).unwrap();
    dut.tick_n(5).unwrap();
    drop(dut);
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    let code = text.lines().find_map(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        (words.first() == Some(&"$var") && words.get(4) == Some(&"rst_n")).then(|| format!("1{}", words[3]))
    });
    let code = code.expect("rst_n is in the waveform");
    let times: Vec<u64> = text.lines().filter_map(|line| line.strip_prefix('#')?.parse().ok()).collect();
    let released = text.lines().skip_while(|line| *line != format!("#{end}")).take_while(|line| *line != code);
    assert!(released.skip(1).all(|line| !line.starts_with('#')), "rst_n rises where the reset ends, not at an edge");
    assert!(times.windows(2).all(|pair| pair[0] < pair[1]), "{times:?}");
    assert_eq!(*times.last().unwrap(), end + 5 * 4, "{times:?}");
    assert_eq!(*said.lock().unwrap(), "");
}

#[test]
fn damaged_snapshots_are_refused() {
    let mut dut = Counter::new().unwrap();
    dut.reset(1).unwrap();
    let bytes = dut.save().unwrap().as_bytes().to_vec();
    for bad in [vec![], b"nonsense".to_vec(), bytes[..bytes.len() / 2].to_vec()] {
        let mut dut = Counter::new().unwrap();
        let error = dut.restore(&Snapshot::from_bytes(bad)).expect_err("it is damaged");
        assert_eq!(error.kind(), ErrorKind::Snapshot, "{error}");
        assert!(dut.eval().is_err(), "the model is dead");
    }
}

#[test]
fn coverage_is_written_at_the_end() {
    let folder = std::env::temp_dir().join(format!("ffi_coverage_{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let (at_end, on_demand) = (folder.join("end.dat"), folder.join("now.dat"));
    let mut dut = Counter100::builder().coverage_file(&at_end).build().unwrap();
    dut.set_enable(true);
    dut.reset(1).unwrap();
    dut.write_coverage(&on_demand).unwrap();
    dut.tick_n(3).unwrap();
    assert!(!at_end.exists());
    let error = dut.write_coverage(folder.join("no/such/folder")).expect_err("it can't be written");
    assert_eq!(error.kind(), ErrorKind::Coverage);
    drop(dut);
    for file in [&at_end, &on_demand] {
        let text = std::fs::read_to_string(file).unwrap();
        assert!(text.starts_with("# SystemC::Coverage-3") && text.contains("counter.sv"), "{text}");
    }
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_model_with_threads_of_its_own() {
    let mut dut = Threaded::new().unwrap();
    dut.set_rst_n(true);
    dut.set_enable(true);
    dut.tick_n(1000).unwrap();
    assert_eq!(dut.count(), 1000);
}

#[test]
fn delays_run_between_the_edges() {
    let mut dut = Delays::new().unwrap();
    dut.eval().unwrap();
    assert_eq!(dut.next_event(), None);
    dut.set_start(true);
    dut.eval().unwrap();
    assert_eq!(dut.next_event(), Some(7));
    dut.advance(6).unwrap();
    assert_eq!((dut.step(), dut.time()), (0, 6));
    dut.advance(1).unwrap();
    assert_eq!(dut.step(), 1);
    // A cycle takes 10 units: the delay at 14 ends within it.
    dut.tick().unwrap();
    assert_eq!((dut.step(), dut.time()), (2, 17));
    dut.tick().unwrap();
    assert_eq!((dut.step(), dut.done()), (3, true));
    assert_eq!(dut.time_precision(), -9);
}

#[test]
fn a_model_without_clocks() {
    let mut dut = Adder::new().unwrap();
    for (a, b) in [(0, 0), (255, 255), (1, 254)] {
        dut.set_a(a);
        dut.set_b(b);
        assert_eq!(dut.eval().unwrap(), Status::Running);
        assert_eq!(dut.sum(), u16::from(a) + u16::from(b));
    }
    dut.advance(10).unwrap();
    assert_eq!(dut.time(), 10);
}

/// Code for any model.
fn total<M: Model>(dut: &mut M, inputs: &[(&str, u32)], output: &str) -> u32 {
    for (name, value) in inputs {
        dut.poke(name, &[Value::Bits(vec![*value])]).unwrap();
    }
    dut.eval().unwrap();
    match dut.peek(output).as_deref() {
        Some([Value::Bits(words)]) => words[0],
        other => panic!("{other:?}"),
    }
}

#[test]
fn ports_are_reachable_by_name() {
    let mut dut = Adder::new().unwrap();
    assert_eq!(total(&mut dut, &[("a", 3), ("b", 4)], "sum"), 7);
    for (name, value, why) in [
        ("c", vec![Value::Bits(vec![0])], "there is none"),
        ("sum", vec![Value::Bits(vec![0])], "no input"),
        ("a", vec![Value::Bits(vec![256])], "does not fit"),
        ("a", vec![Value::Real(1.0)], "does not fit"),
        ("a", vec![], "0 values for 1 elements"),
    ] {
        let error = dut.poke(name, &value).expect_err(why);
        assert!(error.message().contains(why), "{error}");
    }
    assert_eq!(dut.peek("nothing"), None);
}
